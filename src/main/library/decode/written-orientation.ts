import type { Metadata } from 'sharp';
import { readTiffDirectory } from './tiff-directory.ts';

const orientationTag = 274;

/**
 * The orientation that a file gives where libvips does not look: the Exif that older programs put
 * into a PNG as text, then XMP. The file's own Exif goes before both.
 *
 * @returns 1 to 8, as EXIF numbers it; undefined where libvips turns the picture by itself, or
 *   nothing says how
 */
export function writtenOrientation({
  orientation,
  comments = [],
  xmpAsString = '',
}: Metadata): number | undefined {
  if (orientation !== undefined) return undefined;
  const profile = comments.find(({ keyword }) => /^Raw profile type (exif|APP1)$/i.test(keyword));
  return (
    valid(profile && orientationOfProfile(profile.text)) ?? valid(orientationOfXmp(xmpAsString))
  );
}

function valid(orientation: number | undefined): number | undefined {
  return orientation !== undefined && orientation >= 1 && orientation <= 8
    ? orientation
    : undefined;
}

/** ImageMagick's form of a profile as text: its name, its length, and the bytes in hex. */
function orientationOfProfile(text: string): number | undefined {
  const hex = /^\s*\S+\s+\d+\s+([\da-f\s]*)$/i.exec(text)?.[1].replaceAll(/\s/g, '') ?? '';
  const bytes = Buffer.from(hex, 'hex');
  const mark = bytes.indexOf('Exif\0\0', 0, 'latin1');
  const exif = mark < 0 ? bytes : bytes.subarray(mark + 6);
  return readTiffDirectory(exif)?.numbers(orientationTag)[0];
}

function orientationOfXmp(xmp: string): number | undefined {
  const digit = /\btiff:Orientation(?:\s*=\s*["']|\s*>)\s*([1-8])\s*["'<]/.exec(xmp)?.[1];
  return digit === undefined ? undefined : Number(digit);
}
