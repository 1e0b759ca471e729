import type { Metadata } from 'sharp';
import type { ImageFormat } from '../image-format.ts';
import { readTiffDirectory } from './tiff-directory.ts';

/** TIFF 6.0; EXIF and XMP take its numbers over. */
const ORIENTATION = 274;

/** Formats whose pictures are turned by what metadata says; HEIF and JPEG XL turn them themselves. */
const turned: ReadonlySet<ImageFormat> = new Set(['jpeg', 'png', 'webp', 'tiff']);

/**
 * How to turn a picture that does not say so in EXIF, or in the field of TIFF, where the decoder
 * looks: in a profile that ImageMagick and exiftool write into the text of a PNG, else in XMP.
 *
 * @returns 1 to 8 as EXIF numbers them; undefined where the decoder knows, or nothing is said
 */
export function orientationElsewhere(
  bytes: Buffer,
  format: ImageFormat,
  { orientation, comments = [], xmpAsString }: Metadata,
): number | undefined {
  if (!turned.has(format)) return undefined;
  // For a TIFF that says nothing the decoder says 1.
  const isSaid =
    format === 'tiff'
      ? (readTiffDirectory(bytes)?.fields.has(ORIENTATION) ?? true)
      : orientation !== undefined;
  if (isSaid) return undefined;
  const profiles = comments
    .filter(({ keyword }) => /^Raw profile type (exif|APP1|xmp)$/i.test(keyword))
    .map(({ text }) => bytesOfProfile(text));
  return firstOf([
    ...profiles.map(orientationOfExif),
    orientationOfXmp(xmpAsString ?? ''),
    ...profiles.map((profile) => orientationOfXmp(profile.toString('utf8'))),
  ]);
}

function firstOf(orientations: readonly (number | undefined)[]): number | undefined {
  return orientations.find((orientation) => orientation !== undefined);
}

/** The text is a name, a length and hexadecimal digits, on lines of their own. */
function bytesOfProfile(text: string): Buffer {
  const digits = /^\s*\S+\s+\d+\s+([\da-f\s]*)/i.exec(text)?.[1] ?? '';
  return Buffer.from(digits.replace(/\s/g, ''), 'hex');
}

function orientationOfExif(profile: Buffer): number | undefined {
  const isMarked = profile.toString('latin1', 0, 6) === 'Exif\0\0';
  const directory = readTiffDirectory(isMarked ? profile.subarray(6) : profile);
  const orientation = directory?.numbers(ORIENTATION)[0] ?? 0;
  return orientation >= 1 && orientation <= 8 ? orientation : undefined;
}

/** As an element or as an attribute, under whatever prefix the document gives the namespace. */
function orientationOfXmp(xmp: string): number | undefined {
  const prefix =
    /xmlns:([\w-]+)\s*=\s*["']http:\/\/ns\.adobe\.com\/tiff\/1\.0\/["']/.exec(xmp)?.[1] ?? 'tiff';
  const said = new RegExp(
    `[\\s<]${prefix}:Orientation\\s*(?:=\\s*["']|>)\\s*([1-8])\\s*["'<]`,
  ).exec(xmp)?.[1];
  return said === undefined ? undefined : Number(said);
}
