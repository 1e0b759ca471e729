import { TextPurpose } from '#shared/schemas/alt-text.ts';
import { altTextField, extendedField } from '#shared/text-purpose.ts';
import { markTags, textDigest } from '../metadata/machine-mark.ts';
import { cutToBytes, writableText } from './writable-text.ts';
import type { WrittenTexts } from './written-text.ts';

/** All that a file says, by exiftool's names. */
export type FileTags = ReadonlyMap<string, unknown>;

/** One tag as it is to be; null takes it away. */
export interface FieldEdit {
  /** As exiftool names it when it writes. */
  readonly tag: string;
  readonly value: string | null;
}

export interface EditOptions {
  /** Exiftool's `File:FileType`. */
  readonly fileType: string;
  /** Whether the file's IPTC texts are UTF-8, or it has none. */
  readonly iptcIsUtf8: boolean;
  /** Whether a machine's text is marked as one. */
  readonly mark: boolean;
}

/** XMP's own field for each purpose, by exiftool's name. */
export const xmpFields: Readonly<Record<TextPurpose, string>> = {
  caption: 'XMP-dc:Description',
  alt: altTextField,
  extended: extendedField,
};
const exifCaption = 'IFD0:ImageDescription';
const iptcCaption = 'IPTC:Caption-Abstract';
const iptcCharset = 'IPTC:CodedCharacterSet';
const iptcDigest = 'Photoshop:IPTCDigest';
/** IIM 4.2, dataset 2:120. */
const iptcBytes = 2000;
const captionWriter = 'XMP-photoshop:CaptionWriter';
const ownWriter = /^Medley\b/;
/** Other places of a caption: written where they say something already, which would be out of date. */
const otherCaptions = ['PNG:Description'];
const otherCaptionsInLanguages = ['XMP-tiff:ImageDescription'];

/** The kinds of files that texts are embedded into; other ones get a sidecar. */
const withIptc: readonly string[] = ['JPEG', 'MPO', 'TIFF'];
const withoutIptc: readonly string[] = [
  ...['PNG', 'APNG', 'WEBP', 'Extended WEBP'],
  ...['HEIC', 'HEICS', 'HEIF', 'HEIFS', 'AVIF', 'AVIFS'],
];

export function holdsTexts(fileType: string): boolean {
  return fileType === 'XMP' || withIptc.includes(fileType) || withoutIptc.includes(fileType);
}

/**
 * How the tags of a file are to be so that it says these texts. A caption goes where the Metadata
 * Working Group's guidelines (2.0, section 5.5) say, so that every program finds the same one.
 *
 * @param before All that it says now.
 */
export function fieldEdits(
  before: FileTags,
  texts: WrittenTexts,
  options: EditOptions,
): FieldEdit[] {
  return TextPurpose.options.flatMap((purpose) => {
    const written = texts[purpose];
    if (written === undefined) return [];
    const text = written.text === null ? null : writableText(written.text);
    const modelId = options.mark && text !== null ? written.modelId : null;
    return [
      ...inLanguages(before, xmpFields[purpose], text),
      ...(purpose === 'caption' ? captionEdits(before, text, options) : []),
      ...(purpose === 'caption' ? writerEdits(before, modelId) : []),
      ...markEdits(purpose, text, modelId),
    ];
  });
}

/** A text that a file says for a purpose, in a field that {@link fieldEdits} would write. */
export interface SaidText {
  readonly tag: string;
  readonly text: string;
}

/** What a file says for a purpose now; first, where it says it, what stands in XMP's own field. */
export function saidTexts(tags: FileTags, purpose: TextPurpose): SaidText[] {
  const own = xmpFields[purpose];
  const others = purpose === 'caption' ? [...otherCaptionsInLanguages] : [];
  const plain = purpose === 'caption' ? [exifCaption, iptcCaption, ...otherCaptions] : [];
  return [
    ...[own, ...others].map((tag) => ({ tag, value: spokenIn(tags, tag) })),
    ...plain.map((tag) => ({ tag, value: tags.get(tag) })),
  ].flatMap(({ tag, value }) => (value === undefined ? [] : [{ tag, text: String(value) }]));
}

/** Whether a file says a text for a purpose, as {@link fieldEdits} would have it; null: that it says none. */
export function saysText(tags: FileTags, purpose: TextPurpose, text: string | null): boolean {
  const said = saidTexts(tags, purpose);
  const wanted = text === null ? null : writableText(text);
  if (wanted === null) return said.length === 0;
  const expected = (tag: string) => (tag === iptcCaption ? cutToBytes(wanted, iptcBytes) : wanted);
  return (
    said.some(({ tag }) => tag === xmpFields[purpose]) &&
    said.every(({ tag, text: found }) => writableText(found) === expected(tag))
  );
}

/** The caption beside XMP's own. */
function captionEdits(
  before: FileTags,
  text: string | null,
  { fileType, iptcIsUtf8 }: EditOptions,
): FieldEdit[] {
  return [
    ...otherCaptions.filter((tag) => before.has(tag)).map((tag) => ({ tag, value: text })),
    ...otherCaptionsInLanguages
      .filter((tag) => languagesOf(before, tag).size > 0)
      .flatMap((tag) => inLanguages(before, tag, text)),
    ...(fileType === 'XMP' ? [] : [{ tag: exifCaption, value: text }]),
    ...(withIptc.includes(fileType) || before.has(iptcCaption)
      ? iptcEdits(before, text, iptcIsUtf8)
      : []),
  ];
}

/**
 * IPTC names one character set for all its texts. Where others are in another one than UTF-8 it stays, and
 * a caption that is not ASCII is left to the other fields.
 */
function iptcEdits(before: FileTags, text: string | null, isUtf8: boolean): FieldEdit[] {
  const isAscii = text !== null && !/[^\0-\x7f]/.test(text);
  const value = text === null || !(isUtf8 || isAscii) ? null : cutToBytes(text, iptcBytes);
  return [
    { tag: iptcCaption, value },
    ...(value !== null && isUtf8 ? [{ tag: iptcCharset, value: 'UTF8' }] : []),
    ...(before.has(iptcDigest) ? [{ tag: iptcDigest, value: 'new' }] : []),
  ];
}

/** Who wrote the caption, as IPTC has it; a person's name stays. */
function writerEdits(before: FileTags, modelId: string | null): FieldEdit[] {
  const writer = before.get(captionWriter);
  if (writer !== undefined && !ownWriter.test(String(writer))) return [];
  if (modelId !== null) return [{ tag: captionWriter, value: `Medley (${modelId})` }];
  return writer === undefined ? [] : [{ tag: captionWriter, value: null }];
}

function markEdits(purpose: TextPurpose, text: string | null, modelId: string | null): FieldEdit[] {
  const { model, digest } = markTags(purpose);
  const marked = text === null || modelId === null ? null : textDigest(text);
  return [
    { tag: model, value: marked === null ? null : modelId },
    { tag: digest, value: marked },
  ];
}

/**
 * A text in a field of several languages: the default one, and those that say the same as what is
 * replaced. Erased are all, since the others say in other words what is wrong.
 */
function inLanguages(before: FileTags, tag: string, text: string | null): FieldEdit[] {
  if (text === null) return [{ tag, value: null }];
  const replaced = spokenIn(before, tag);
  const same = [...languagesOf(before, tag)].filter(
    ([name, said]) => name !== tag && said === replaced,
  );
  return [
    { tag: `${tag}-x-default`, value: text },
    ...same.map(([name]) => ({ tag: name, value: text })),
  ];
}

/** What a field in several languages says to whoever reads one: the default, English, or the first. */
function spokenIn(tags: FileTags, tag: string): unknown {
  const languages = languagesOf(tags, tag);
  const english = [...languages.keys()].find((name) => /^en\b/i.test(name.slice(tag.length + 1)));
  const [first] = languages.values();
  return languages.get(tag) ?? languages.get(english ?? '') ?? first;
}

/** What a field says, by its name with the language at its end; the default has none. */
function languagesOf(before: FileTags, tag: string): Map<string, unknown> {
  return new Map([...before].filter(([name]) => name === tag || name.startsWith(`${tag}-`)));
}
