import { numberOf, textOf, type Tags } from './field-values.ts';
import type { Said } from './said.ts';

/** Decimal degrees, WGS 84. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** The fields that are read here. */
export const placeTags = ['GPS', 'XMP-exif'].flatMap((group) =>
  ['GPSLatitude', 'GPSLatitudeRef', 'GPSLongitude', 'GPSLongitudeRef'].map(
    (name) => `${group}:${name}`,
  ),
);

/** Where a photo was taken, and whether a position was left for want of its hemisphere. */
export interface FoundPlace {
  readonly place: Place | null;
  readonly isHalf: boolean;
}

/** The first position that is said. @param places The most trusted first. */
export function placeOf(places: readonly Said[]): FoundPlace {
  const found = places.flatMap(({ tags }) => [
    exifPlace(tags),
    xmpPlace(tags),
    takeoutPlace(tags, 'Takeout:geoData'),
    takeoutPlace(tags, 'Takeout:geoDataExif'),
  ]);
  const place = found.find((each) => each !== null) ?? null;
  return { place, isHalf: place === null && places.some(({ tags }) => lacksHemisphere(tags)) };
}

/** Exif has the hemispheres beside the numbers: without them a place may be on another continent. */
function exifPlace(tags: Tags): Place | null {
  const latitude = numberOf(tags, 'GPS:GPSLatitude');
  const longitude = numberOf(tags, 'GPS:GPSLongitude');
  return realPlace(
    latitude === 0 ? 0 : towards(latitude, textOf(tags, 'GPS:GPSLatitudeRef')),
    longitude === 0 ? 0 : towards(longitude, textOf(tags, 'GPS:GPSLongitudeRef')),
  );
}

function lacksHemisphere(tags: Tags): boolean {
  return ['GPS:GPSLatitude', 'GPS:GPSLongitude'].some(
    (name) => (numberOf(tags, name) ?? 0) !== 0 && hemisphere(textOf(tags, `${name}Ref`)) === null,
  );
}

/** XMP has the letter in the value; programs also write signed numbers, or the letter beside it. */
function xmpPlace(tags: Tags): Place | null {
  return realPlace(xmpDegrees(tags, 'GPSLatitude'), xmpDegrees(tags, 'GPSLongitude'));
}

function xmpDegrees(tags: Tags, name: string): number | null {
  const value =
    numberOf(tags, `XMP-exif:${name}`) ?? parseDegrees(textOf(tags, `XMP-exif:${name}`) ?? '');
  const letter = textOf(tags, `XMP-exif:${name}Ref`);
  // A value that has a sign needs no letter.
  return value === null || value < 0 || hemisphere(letter) === null
    ? value
    : towards(value, letter);
}

function takeoutPlace(tags: Tags, name: string): Place | null {
  const value: unknown = tags[name];
  if (!Array.isArray(value)) return null;
  const [latitude, longitude]: unknown[] = value;
  return typeof latitude === 'number' && typeof longitude === 'number'
    ? realPlace(latitude, longitude)
    : null;
}

/** Null Island is what programs write that do not know. */
function realPlace(latitude: number | null, longitude: number | null): Place | null {
  if (latitude === null || longitude === null) return null;
  if (latitude === 0 && longitude === 0) return null;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  return { latitude, longitude };
}

function towards(value: number | null, letter: string | null): number | null {
  const sign = hemisphere(letter);
  return value === null || sign === null ? null : sign * Math.abs(value);
}

/** 1 for `N`, `East` and the like, -1 for the others; null for neither. */
function hemisphere(letter: string | null): 1 | -1 | null {
  if (letter === null) return null;
  if (/^(n|e)/i.test(letter)) return 1;
  return /^(s|w)/i.test(letter) ? -1 : null;
}

/**
 * Degrees as people and programs write them: `52,30.5N`, `52,30,30N`, `-33.5`, `S 33.5`,
 * `52° 30' 30" N`.
 *
 * @returns null for what is none
 */
export function parseDegrees(text: string): number | null {
  const match =
    /^\s*([NSEW])?\s*([+-]?\d+(?:\.\d+)?)(?:[\s,:°]+(\d+(?:\.\d+)?))?(?:[\s,:'′]+(\d+(?:\.\d+)?))?[\s"″'′°]*([NSEW])?\s*$/i.exec(
      text,
    );
  if (match === null) return null;
  const [, before, degrees, minutes = '0', seconds = '0', after] = match;
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return null;
  const size = Math.abs(Number(degrees)) + Number(minutes) / 60 + Number(seconds) / 3600;
  const sign = hemisphere(before ?? after ?? null) ?? (degrees.startsWith('-') ? -1 : 1);
  return sign * size;
}
