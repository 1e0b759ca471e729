import { numberOf, textOf, type Tags } from './field-values.ts';
import { fileNameTime } from './file-name-time.ts';
import type { Said } from './said.ts';
import { canBeTaken, firstSecond, parseWrittenTime } from './written-time.ts';

/** When a photo was taken, and what says so. */
export interface FoundTime {
  /** ISO 8601 local time without zone, as precise as it is known: `1978`, `1978-05`. */
  readonly text: string;
  /** Its first moment in seconds since 1970, as if it were UTC. */
  readonly seconds: number;
  /**
   * A field by exiftool's name, `Takeout:photoTakenTime`, or `FileName`. What GPS and Takeout say is
   * UTC where the photo does not name its zone.
   */
  readonly source: string;
}

/** A field, and the one beside it that has its time of day. */
type TimeField = readonly [date: string, timeOfDay?: string];

/** When the picture came to be, even where it was scanned later. */
const original: readonly TimeField[] = [
  ['ExifIFD:DateTimeOriginal'],
  ['IFD0:DateTimeOriginal'],
  ['XMP-exif:DateTimeOriginal'],
  ['XMP-photoshop:DateCreated'],
  ['IPTC:DateCreated', 'IPTC:TimeCreated'],
  ['PNG:CreationTime'],
];
/** When it was made digital. */
const digitised: readonly TimeField[] = [
  ['ExifIFD:CreateDate'],
  ['XMP-exif:DateTimeDigitized'],
  ['XMP-xmp:CreateDate'],
  ['IPTC:DigitalCreationDate', 'IPTC:DigitalCreationTime'],
];
/** When the file was written, which is better than nothing. */
const modified: readonly TimeField[] = [['IFD0:ModifyDate'], ['XMP-tiff:DateTime']];
const satellite: readonly TimeField[] = [
  ['GPS:GPSDateStamp', 'GPS:GPSTimeStamp'],
  ['XMP-exif:GPSDateTime'],
];
const offsets = ['ExifIFD:OffsetTimeOriginal', 'ExifIFD:OffsetTimeDigitized', 'ExifIFD:OffsetTime'];

/** The fields that are read here. */
export const timeTags: readonly string[] = [
  ...[original, digitised, modified, satellite].flat(2).filter((tag) => tag !== undefined),
  ...offsets,
  'IFD0:Make',
];

type Candidate = Pick<FoundTime, 'text' | 'source'>;

/** What clocks show that were never set: of Unix, of QuickTime. */
const neverSet = ['1970-01-01', '1904-01-01'];
/** The days on which the clocks of cameras begin; a person may well give one of them to a scan. */
const factoryDays = ['1980-01-01', '2000-01-01'];

/**
 * When a photo was taken. What tells of the original goes before what tells of its scan, that before
 * GPS, Takeout, the file's name, and last when the file was written; in each, the order of `places`
 * counts. A more precise field that agrees completes the one chosen.
 *
 * @param places The most trusted first.
 * @param now Milliseconds since 1970.
 */
export function captureTime(
  places: readonly Said[],
  photoPath: string,
  now: number,
): FoundTime | null {
  const read = (fields: readonly TimeField[]) =>
    places
      .flatMap(({ tags }) => fields.flatMap((field) => written(tags, field)))
      .filter(({ text }) => canBeTaken(text, now));
  const own = [...read(original), ...read(digitised)];
  const named = fileNameTime(photoPath, now);
  const [chosen] = [
    ...completed(own),
    ...utcTimes(places).filter(({ text }) => canBeTaken(text, now)),
    ...(named === null ? [] : [{ text: named, source: 'FileName' }]),
    ...read(modified),
  ];
  return chosen === undefined ? null : { ...chosen, seconds: firstSecond(chosen.text) };
}

/**
 * The first, or the next that says the same more precisely; but of a first of January that another
 * field knows as the year alone, and so on, what is known.
 */
function completed(candidates: readonly Candidate[]): Candidate[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const honest = candidates.find(
    ({ text }) => `${text}-01` === first.text || `${text}-01-01` === first.text,
  );
  const finer = candidates.find(
    ({ text }) =>
      text.length > first.text.length && text.startsWith(first.text) && !/^[\d-]+-01$/.test(text),
  );
  return [honest ?? finer ?? first];
}

function written(tags: Tags, [date, timeOfDay]: TimeField): Candidate[] {
  const day = textOf(tags, date);
  const time = timeOfDay === undefined ? null : textOf(tags, timeOfDay);
  const text = day === null ? null : parseWrittenTime(time === null ? day : `${day} ${time}`);
  if (text === null || neverSet.includes(text)) return [];
  if (factoryDays.includes(text) && textOf(tags, 'IFD0:Make') !== null) return [];
  return [{ text, source: date }];
}

/** Times in UTC, as the clock on the wall showed them where the photo names its zone. */
function utcTimes(places: readonly Said[]): Candidate[] {
  const offset = places
    .flatMap(({ tags }) => offsets.map((name) => offsetSeconds(textOf(tags, name) ?? '')))
    .find((seconds) => seconds !== null);
  const gps = places.flatMap(({ tags }) => satellite.flatMap((field) => written(tags, field)));
  return [...gps, ...places.flatMap(({ tags }) => takeoutTime(tags))].map(({ text, source }) => ({
    text: offset === undefined ? text : shifted(text, offset),
    source,
  }));
}

function takeoutTime(tags: Tags): Candidate[] {
  const source = 'Takeout:photoTakenTime';
  const seconds = numberOf(tags, source);
  if (seconds === null || seconds === 0 || Math.abs(seconds) > 1e11) return [];
  return [{ text: isoOf(seconds), source }];
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

function shifted(text: string, seconds: number): string {
  return text.includes('T') ? isoOf(firstSecond(text) + seconds) : text;
}

/** `+09:00` in seconds. */
function offsetSeconds(text: string): number | null {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(text);
  if (match === null) return null;
  const [, sign, hours, minutes] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
