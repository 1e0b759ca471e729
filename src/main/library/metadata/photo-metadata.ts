import type { ObservationSource } from '#main/store/tables/observations.ts';
import { cleanCaption } from './caption-text.ts';
import type { Said } from './said.ts';
import { repairEncoding } from './text-encoding.ts';

/** Moves when Medley reads more of a file, or reads it otherwise: what was read before is read again. */
export const metadataVersion = 1;

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
}

/** When a photo was taken, and what says so. */
export interface FoundTime {
  /** ISO 8601 local time without zone, as precise as it is known: `1978`, `1978-05`. */
  readonly text: string;
  /** Its first moment in seconds since 1970, as if it were UTC. */
  readonly seconds: number;
  /** A field by exiftool's name, `Takeout:photoTakenTime`, or `FileName`. */
  readonly source: string;
}

/** Facts of a photo that do not depend on its pixels. */
export interface PhotoMetadata {
  /** Null for an undated photo. */
  readonly taken: FoundTime | null;
  readonly camera: string | null;
  readonly lens: string | null;
  /** As `f/2.8 · 1/250 s · ISO 400 · 35 mm`. */
  readonly exposure: string | null;
  /** Decimal degrees, WGS 84. */
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
  readonly keywords: readonly string[];
  /** Different ones only, the description before the alt text. */
  readonly captions: readonly FoundCaption[];
  /** What a person should know of how it was read, in plain sentences. */
  readonly notices: readonly string[];
}

const timeTags = [
  'ExifIFD:DateTimeOriginal',
  'XMP-exif:DateTimeOriginal',
  'ExifIFD:CreateDate',
  'XMP-photoshop:DateCreated',
  'XMP-xmp:CreateDate',
];
/** Exiftool's name of each caption field, and the name people know it by. */
const captionTags = [
  ['XMP-dc:Description', 'XMP-dc:Description'],
  ['IPTC:Caption-Abstract', 'IPTC:Caption-Abstract'],
  ['IFD0:ImageDescription', 'EXIF:ImageDescription'],
  ['XMP-iptcCore:AltTextAccessibility', 'XMP-iptcCore:AltTextAccessibility'],
] as const;

/**
 * What is said of a photo, in the words of the library.
 *
 * @param said As {@link readSaid} gives it.
 * @param _photoPath Absolute.
 */
export function parseMetadata(said: readonly Said[], _photoPath: string): PhotoMetadata {
  const tags = said.find(({ source }) => source === 'embedded')?.tags ?? {};
  const byName = new Map<string, unknown>(Object.entries(tags));
  const text = (name: string) => textOf(byName.get(name));
  return {
    taken: captureTime(text),
    camera: cameraName(text('IFD0:Make'), text('IFD0:Model')),
    lens: text('ExifIFD:LensModel') ?? text('XMP-aux:Lens'),
    exposure: exposureText(byName),
    location: locationOf(byName),
    keywords: keywordsOf(byName),
    captions: captionsOf(text),
    notices: [],
  };
}

/** A tag's text; exiftool gives texts that look like numbers as numbers. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  const text = repairEncoding(value).replaceAll('\0', '').trim();
  return text === '' ? null : text;
}

function numberOf(value: unknown): number | null {
  const number = Array.isArray(value) ? value[0] : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function captureTime(text: (name: string) => string | null): FoundTime | null {
  const iptc = [text('IPTC:DateCreated'), text('IPTC:TimeCreated') ?? '00:00:00'].join(' ');
  const values = timeTags.map((tag) => [tag, text(tag)] as const);
  for (const [source, value] of [...values, ['IPTC:DateCreated', iptc] as const]) {
    const time = value === null ? null : parseTime(value);
    if (time !== null) return { text: time, seconds: Date.parse(`${time}Z`) / 1000, source };
  }
  return null;
}

/** `2020:01:02 03:04:05.67+08:00` as ISO 8601, without fraction and zone; null for no real time. */
function parseTime(value: string): string | null {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?/.exec(value);
  if (match === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${iso}Z`);
  // Impossible dates, as 0000-00-00 or 2021-02-30, do not survive the round trip.
  const isReal = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso);
  return isReal && year >= '1800' ? iso : null;
}

/** Maker and model, the maker once: many models begin with it. */
function cameraName(make: string | null, model: string | null): string | null {
  if (make === null || model === null) return model ?? make;
  const maker = make.split(/\s/)[0].toLowerCase();
  return model.toLowerCase().startsWith(maker) ? model : `${make} ${model}`;
}

function exposureText(tags: ReadonlyMap<string, unknown>): string | null {
  const positive = (name: string) => {
    const number = numberOf(tags.get(name));
    return number !== null && number > 0 ? number : null;
  };
  const aperture = positive('ExifIFD:FNumber');
  const time = positive('ExifIFD:ExposureTime');
  const iso = positive('ExifIFD:ISO');
  const focal = positive('ExifIFD:FocalLength');
  const parts = [
    aperture === null ? [] : [`f/${rounded(aperture)}`],
    time === null ? [] : [`${time < 0.3 ? `1/${Math.round(1 / time)}` : rounded(time)} s`],
    iso === null ? [] : [`ISO ${iso}`],
    focal === null ? [] : [`${rounded(focal)} mm`],
  ].flat();
  return parts.length === 0 ? null : parts.join(' · ');
}

function rounded(number: number): string {
  return String(Number(number.toFixed(1)));
}

/** Null Island is what cameras without a fix write. */
function locationOf(tags: ReadonlyMap<string, unknown>): PhotoMetadata['location'] {
  const latitude = numberOf(tags.get('Composite:GPSLatitude'));
  const longitude = numberOf(tags.get('Composite:GPSLongitude'));
  if (latitude === null || longitude === null) return null;
  if (latitude === 0 && longitude === 0) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return { latitude, longitude };
}

function keywordsOf(tags: ReadonlyMap<string, unknown>): string[] {
  const values = ['XMP-dc:Subject', 'IPTC:Keywords'].flatMap((name) => tags.get(name) ?? []);
  return [...new Set(values.map(textOf).filter((text) => text !== null))];
}

function captionsOf(text: (name: string) => string | null): FoundCaption[] {
  const found = new Map<string, FoundCaption>();
  for (const [tag, field] of captionTags) {
    const caption = cleanCaption(text(tag) ?? '');
    if (caption === null || found.has(caption)) continue;
    found.set(caption, { field, tag, source: 'embedded', path: null, text: caption });
  }
  return [...found.values()];
}
