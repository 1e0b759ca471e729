import { readTiffDirectory } from '../decode/tiff-directory.ts';

/** A JPEG picture within another file. */
export interface EmbeddedJpeg {
  readonly start: number;
  readonly end: number;
  /** Pixels as stored, before orientation. */
  readonly width: number;
  readonly height: number;
  /** What its own Exif says (1 to 8); null where it says nothing. */
  readonly orientation: number | null;
}

const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);
/** Markers of ITU-T T.81, annex B. */
const marker = { eoi: 0xd9, sos: 0xda, dqt: 0xdb, app1: 0xe1 };
/** Baseline, extended and progressive: what is lossless, or coded arithmetically, no viewer shows. */
const frames = [0xc0, 0xc1, 0xc2];
const orientationTag = 274;
/** No file has so many; a file that is made of beginnings must not take for ever. */
const MOST_BEGINNINGS = 4096;
const MOST_SEGMENTS = 1024;

/**
 * All whole JPEG pictures of 8 bits in a file, whatever its container is; not those within another
 * JPEG, as the thumbnails in its Exif.
 */
export function findJpegs(bytes: Buffer): EmbeddedJpeg[] {
  const found: EmbeddedJpeg[] = [];
  let at = bytes.indexOf(startOfImage);
  for (let i = 0; at !== -1 && i < MOST_BEGINNINGS; i += 1) {
    const jpeg = jpegAt(bytes, at);
    if (jpeg !== null) found.push(jpeg);
    at = bytes.indexOf(startOfImage, jpeg?.end ?? at + 2);
  }
  return found;
}

/** @returns null where no whole picture begins */
function jpegAt(bytes: Buffer, start: number): EmbeddedJpeg | null {
  let size: { width: number; height: number } | null = null;
  let orientation: number | null = null;
  let isQuantised = false;
  let at = start + 2;
  for (let i = 0; i < MOST_SEGMENTS && at + 4 <= bytes.length; i += 1) {
    if (bytes[at] !== 0xff) return null;
    const kind = bytes[at + 1];
    if (kind === marker.eoi) {
      return size === null || !isQuantised ? null : { start, end: at + 2, ...size, orientation };
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (kind < 0xc0 || end > bytes.length) return null;
    if (frames.includes(kind)) size = frameSize(bytes.subarray(at + 4, end));
    if (kind === marker.dqt) isQuantised = true;
    if (kind === marker.app1) orientation ??= exifOrientation(bytes.subarray(at + 4, end));
    if (kind === marker.sos && size === null) return null;
    at = kind === marker.sos ? endOfScan(bytes, end) : end;
  }
  // The last marker may be the last two bytes.
  const isWhole = at + 2 <= bytes.length && bytes.readUInt16BE(at) === 0xff00 + marker.eoi;
  return isWhole && size !== null && isQuantised
    ? { start, end: at + 2, ...size, orientation }
    : null;
}

/** @returns null for what is not 8 bits of grey or colour */
function frameSize(frame: Buffer): { width: number; height: number } | null {
  if (frame.length < 6 || frame[0] !== 8) return null;
  const [height, width] = [frame.readUInt16BE(1), frame.readUInt16BE(3)];
  return width > 0 && height > 0 ? { width, height } : null;
}

function exifOrientation(segment: Buffer): number | null {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0') return null;
  return orientationOf(segment.subarray(6));
}

/** The orientation in the first directory of a TIFF file; null where there is none. */
export function orientationOf(tiff: Buffer): number | null {
  const [value = 0] = readTiffDirectory(tiff)?.numbers(orientationTag) ?? [];
  return value >= 1 && value <= 8 ? value : null;
}

/** Where the next marker lies behind coded data, in which FF00 stands for FF. */
function endOfScan(bytes: Buffer, start: number): number {
  let at = bytes.indexOf(0xff, start);
  while (at !== -1 && at + 1 < bytes.length) {
    const next = bytes[at + 1];
    const isData = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!isData && next !== 0xff) return at;
    at = bytes.indexOf(0xff, at + (isData ? 2 : 1));
  }
  return bytes.length;
}
