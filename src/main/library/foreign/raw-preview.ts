import { MedleyError } from '#shared/errors.ts';
import type { ReadableFile } from '../decode/readers.ts';
import {
  readTiffDirectories,
  readTiffDirectory,
  type TiffDirectory,
} from '../decode/tiff-directory.ts';
import { findJpegs, orientationOf, type EmbeddedJpeg } from './embedded-jpegs.ts';

const tag = { width: 256, height: 257, photometric: 262, strips: 273, subIfds: 330, tiles: 324 };
/** Colours of what a sensor saw: CFA, and LinearRaw of DNG. */
const sensorColours = [32_803, 34_892];
const MOST_DIRECTORIES = 32;
/** Of the long side, in pixels: a smaller preview is not what a person expects of a camera. */
const SMALL = 1000;

/**
 * The largest JPEG that a camera put into a raw photo, and how to turn it upright. Every maker's
 * container holds such previews as they are, so they are looked for by their own marks.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported` where there is no preview
 */
export function rawPreview(bytes: Buffer, name: string): ReadableFile {
  const directories = allDirectories(bytes);
  const sensorData = new Set(directories.flatMap(sensorOffsets));
  const previews = findJpegs(bytes).filter(({ start }) => !sensorData.has(start));
  if (previews.length === 0) {
    throw new MedleyError(
      'image-unsupported',
      `${name} is a raw photo without a preview that can be shown. A JPEG of it, made by the camera or a raw developer, can.`,
      { subject: name },
    );
  }
  const preview = previews.reduce((best, other) => (pixels(other) > pixels(best) ? other : best));
  const { start, end, width, height } = preview;
  const notices =
    Math.max(width, height) < SMALL
      ? [`Shown by its embedded preview, which has only ${width} x ${height} pixels.`]
      : [];
  const jpeg = bytes.subarray(start, end);
  // A preview with its own orientation says so to whoever decodes it.
  if (preview.orientation !== null) return { bytes: jpeg, notices };
  return { bytes: jpeg, orientation: previewOrientation(bytes, directories, preview), notices };
}

function pixels({ width, height }: EmbeddedJpeg): number {
  return width * height;
}

function previewOrientation(
  bytes: Buffer,
  directories: readonly TiffDirectory[],
  { width, height }: EmbeddedJpeg,
): number {
  const orientation = orientationOf(bytes) ?? canonOrientation(bytes) ?? 1;
  const sensor = largestSize(directories);
  // Some cameras turn the preview and not what the sensor saw.
  const isTurned = sensor.width > sensor.height && height > width;
  return orientation >= 5 && isTurned ? 1 : orientation;
}

/** CR3 keeps the first directory of its Exif, a TIFF file of its own, in the box `CMT1`. */
function canonOrientation(bytes: Buffer): number | null {
  const at = bytes.indexOf('CMT1', 0, 'latin1');
  return at === -1 ? null : orientationOf(bytes.subarray(at + 4));
}

/** The directories of a TIFF file and those below them; none of another container. */
function allDirectories(bytes: Buffer): TiffDirectory[] {
  const found = readTiffDirectories(bytes, MOST_DIRECTORIES);
  // Grows as it is walked.
  for (const directory of found) {
    for (const offset of directory.numbers(tag.subIfds)) {
      if (found.length >= MOST_DIRECTORIES) return found;
      const below = readTiffDirectory(bytes, offset);
      if (below !== null) found.push(below);
    }
  }
  return found;
}

/** Where a directory's image lies, if it is what the sensor saw: lossy DNG keeps that as JPEGs. */
function sensorOffsets({ numbers }: TiffDirectory): readonly number[] {
  const [photometric = 0] = numbers(tag.photometric);
  if (!sensorColours.includes(photometric)) return [];
  return [...numbers(tag.strips), ...numbers(tag.tiles)];
}

function largestSize(directories: readonly TiffDirectory[]): { width: number; height: number } {
  return directories
    .map(({ numbers }) => ({
      width: numbers(tag.width)[0] ?? 0,
      height: numbers(tag.height)[0] ?? 0,
    }))
    .reduce((best, size) => (size.width * size.height > best.width * best.height ? size : best), {
      width: 0,
      height: 0,
    });
}
