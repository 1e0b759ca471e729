import type { TextPurpose } from './schemas/alt-text.ts';
import type { Caption } from './schemas/photos.ts';
import { isUnsure } from './unsure.ts';

/** The metadata field of alt text, by exiftool's name. */
export const altTextField = 'XMP-iptcCore:AltTextAccessibility';
/** The one of what is too long for alt text. */
export const extendedField = 'XMP-iptcCore:ExtDescrAccessibility';

/** What a caption is for, by its metadata field: whatever is not alt text is to be read beside the picture. */
export function purposeOf(field: string | null): TextPurpose {
  // A field in several languages has the language at its end.
  if (field?.startsWith(altTextField)) return 'alt';
  if (field?.startsWith(extendedField)) return 'extended';
  return 'caption';
}

/** The field that a text for this purpose is meant for; null for a caption, which has several. */
export function fieldFor(purpose: TextPurpose): string | null {
  return { caption: null, alt: altTextField, extended: extendedField }[purpose];
}

const purposes: readonly TextPurpose[] = ['caption', 'alt', 'extended'];

/**
 * The text that stands for a photo: of what is nearest to a caption the first that says something and is not
 * unsure.
 */
export function titleOf<
  T extends Pick<Caption, 'text' | 'field' | 'origin' | 'modelId' | 'confirmed' | 'itm'>,
>(captions: readonly T[]): T | undefined {
  const said = captions.filter((caption) => caption.text !== '' && !isUnsure(caption));
  const of = (purpose: TextPurpose) => said.find(({ field }) => purposeOf(field) === purpose);
  return purposes.map(of).find((caption) => caption !== undefined);
}
