import { basename, extname } from 'node:path';
import type { ObservationSource } from '#main/store/tables/observations.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import { captionLineTags } from './caption-lines.ts';
import { personsWords } from './camera-words.ts';
import { textsOf, type Tags } from './field-values.ts';
import { modelOf } from './machine-mark.ts';
import type { Said } from './said.ts';

/** A caption found in a photo, with the metadata field it was in. */
export interface FoundCaption {
  /** The name people know the field by. */
  readonly field: string;
  /** Exiftool's name of it. */
  readonly tag: string;
  readonly source: ObservationSource;
  /** The file that says it where that is not the photo itself. */
  readonly path: string | null;
  readonly text: string;
  /** The model that wrote it, where a mark of Medley's says so. */
  readonly modelId: string | null;
}

interface CaptionField {
  readonly tag: string;
  readonly field: string;
  /** It can say the same in several languages, each a tag with the language at its end. */
  readonly inLanguages: boolean;
}

const inLanguages = (tag: string): CaptionField => ({ tag, field: tag, inLanguages: true });
const plain = (tag: string, field = tag): CaptionField => ({ tag, field, inLanguages: false });

/** What is beside the photo for its own sake; descriptions, then comments, headlines and titles, then what is for people who cannot see it. */
const captionFields: readonly CaptionField[] = [
  ...captionLineTags.map((tag) => plain(tag, 'Text')),
  inLanguages('XMP-dc:Description'),
  plain('IPTC:Caption-Abstract'),
  plain('IFD0:ImageDescription', 'EXIF:ImageDescription'),
  inLanguages('XMP-tiff:ImageDescription'),
  plain('XMP-acdsee:Caption'),
  plain('XMP-acdsee:Notes'),
  plain('ExifIFD:UserComment', 'EXIF:UserComment'),
  inLanguages('XMP-exif:UserComment'),
  plain('IFD0:XPComment', 'EXIF:XPComment'),
  plain('PNG:Description'),
  plain('PNG:Comment'),
  plain('File:Comment'),
  plain('IPTC:Headline'),
  plain('XMP-photoshop:Headline'),
  inLanguages('XMP-dc:Title'),
  plain('IPTC:ObjectName'),
  plain('IFD0:XPTitle', 'EXIF:XPTitle'),
  plain('IFD0:XPSubject', 'EXIF:XPSubject'),
  plain('PNG:Title'),
  inLanguages('XMP-iptcCore:AltTextAccessibility'),
  inLanguages('XMP-iptcCore:ExtDescrAccessibility'),
  plain('Takeout:description'),
];

/** The fields that are read here, as exiftool is asked for them. */
export const captionTags: readonly string[] = captionFields
  .filter(({ tag }) => !/^(Takeout|Text):/.test(tag))
  .map(({ tag, inLanguages: several }) => (several ? `${tag}*` : tag));

const iptcCaption = 'IPTC:Caption-Abstract';
/** It holds 2000 bytes; programs cut where they see fit. */
const iptcCutFrom = 1900;

/**
 * What was written of a photo, each text once for each purpose, from the first place and field that says
 * it.
 *
 * @param places The most trusted first.
 * @param names What else the photo goes by, as its camera: no captions.
 */
export function captionsOf(
  places: readonly Said[],
  photoPath: string,
  names: readonly string[],
): FoundCaption[] {
  const file = basename(photoPath);
  const others = new Set(
    [...names, file, basename(file, extname(file))].map((name) => name.toLowerCase()),
  );
  const found = new Map<string, FoundCaption>();
  for (const { source, path, tags } of places) {
    for (const field of captionFields) {
      for (const tag of tagsOf(tags, field)) {
        const text = personsWords(textsOf(tags, tag).join(' '));
        if (text === null || others.has(text.toLowerCase())) continue;
        const purpose = purposeOf(tag);
        const key = `${purpose} ${text}`;
        if (found.has(key) || (tag === iptcCaption && isCutOff(text, found.values()))) continue;
        const modelId = modelOf(places, purpose, text);
        found.set(key, { field: field.field, tag, source, path, text, modelId });
      }
    }
  }
  return [...found.values()];
}

/** Whether a text in IPTC is the beginning of one that is told in full elsewhere. */
function isCutOff(text: string, found: Iterable<FoundCaption>): boolean {
  if (Buffer.byteLength(text) < iptcCutFrom) return false;
  return [...found].some((whole) => whole.text.startsWith(text));
}

/** The tag of a field that is read: of several languages the default, English, or the first. */
function tagsOf(tags: Tags, { tag, inLanguages: several }: CaptionField): string[] {
  if (tag in tags || !several) return [tag];
  const languages = Object.keys(tags).filter((name) => name.startsWith(`${tag}-`));
  const english = languages.find((name) => /^en\b/i.test(name.slice(tag.length + 1)));
  return [english ?? languages[0] ?? tag];
}
