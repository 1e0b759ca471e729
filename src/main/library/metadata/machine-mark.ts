import { createHash } from 'node:crypto';
import { TextPurpose } from '#shared/schemas/alt-text.ts';
import { textOf, type Tags } from './field-values.ts';

/**
 * The mark that a model wrote a text, in an XMP namespace of Medley's own: no standard has one (IPTC's
 * digital source type and its AI properties speak of the picture). A mark names the model and holds a
 * digest of the text, so that it speaks of that text alone, whichever program changes the field later.
 */
export const markNamespace = { prefix: 'medley', uri: 'urn:medley:xmp:1.0/' };

const names: Readonly<Record<TextPurpose, string>> = {
  caption: 'Caption',
  alt: 'AltText',
  extended: 'ExtDescr',
};

/** The tags of the mark of a text, by exiftool's names. */
export function markTags(purpose: TextPurpose): {
  readonly model: string;
  readonly digest: string;
} {
  const name = `XMP-${markNamespace.prefix}:${names[purpose]}`;
  return { model: `${name}Model`, digest: `${name}Digest` };
}

/** All tags of marks. */
export const allMarkTags: readonly string[] = TextPurpose.options.flatMap((purpose) =>
  Object.values(markTags(purpose)),
);

/** What a mark holds of a text: the first 32 hex digits of its SHA-256, white space of any kind as one space. */
export function textDigest(text: string): string {
  const tidy = text.replace(/[\s\u00a0]+/g, ' ').trim();
  return createHash('sha256').update(tidy).digest('hex').slice(0, 32);
}

/** The model that wrote a text, by the marks of these places; null where none marks it. */
export function modelOf(
  places: readonly { readonly tags: Tags }[],
  purpose: TextPurpose,
  text: string,
): string | null {
  const { model, digest } = markTags(purpose);
  const expected = textDigest(text);
  const marked = places.find(({ tags }) => textOf(tags, digest) === expected);
  return marked === undefined ? null : textOf(marked.tags, model);
}
