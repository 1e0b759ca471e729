import { isDeepStrictEqual } from 'node:util';
import type { FieldEdit, FileTags } from './field-edits.ts';

/** What moves when a file is written anew, and says nothing of the photo. */
const ofTheFile =
  /^(?:System|ExifTool):|^File:(?!Image)|:(?:XMPToolkit|IPTCDigest|WebP_Flags|MediaDataSize|\w*Offsets?|\w*Start)$/;
/** What a block of EXIF or IPTC has to have: exiftool writes it with the first field, and takes it away with the last. */
const ofTheBlock =
  /^(?:IFD0:(?:YCbCrPositioning|[XY]Resolution|ResolutionUnit)|IPTC:(?:(?:Envelope|Application)RecordVersion|CodedCharacterSet))$/;

/**
 * What is not as it should be in a file that was written; null where all is.
 *
 * @returns the tag, by exiftool's name
 */
export function wrongTag(
  before: FileTags,
  after: FileTags,
  edits: readonly FieldEdit[],
): string | null {
  const edited = new Map(edits.map(({ tag, value }) => [readName(tag), value]));
  const [notWritten] = [...edited].filter(([tag, value]) => !says(after, tag, value));
  if (notWritten !== undefined) return notWritten[0];
  const [lost] = [...before].filter(
    ([tag, value]) =>
      !ofTheFile.test(tag) &&
      !isEdited(edited, tag) &&
      !(ofTheBlock.test(tag) && !after.has(tag)) &&
      !isDeepStrictEqual(after.get(tag), value),
  );
  return lost?.[0] ?? null;
}

/** The name under which exiftool gives what it was told to write. */
function readName(tag: string): string {
  return tag.replace(/-x-default$/, '');
}

function isEdited(edited: ReadonlyMap<string, string | null>, tag: string): boolean {
  if (edited.has(tag)) return true;
  // What is erased is erased in all languages.
  const languageAt = tag.indexOf('-', tag.indexOf(':'));
  return languageAt > 0 && edited.get(tag.slice(0, languageAt)) === null;
}

function says(after: FileTags, tag: string, value: string | null): boolean {
  // These are told by exiftool in words of its own.
  if (tag === 'IPTC:CodedCharacterSet' || ofTheFile.test(tag)) return true;
  return value === null ? !after.has(tag) : isSameText(after.get(tag), value);
}

/** exiftool gives texts that look like numbers, true or false as such. */
export function isSameText(given: unknown, text: string): boolean {
  if (typeof given === 'number') return Number(text) === given;
  if (typeof given === 'boolean') return text.toLowerCase() === String(given);
  return given === text;
}
