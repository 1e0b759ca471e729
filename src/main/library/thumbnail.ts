import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import { thumbnailPath } from '#main/store/library-paths.ts';
import type { Picture } from './decode/picture.ts';
import { readPicture } from './decode/read-picture.ts';
import { withPicture } from './decode/with-picture.ts';

/** Long side of a thumbnail in pixels: sharp at twice a grid cell. */
export const THUMBNAIL_SIDE = 640;
/** Effort 1 takes half the time of the default for a tenth more bytes. */
const webp = { quality: 75, effort: 1 };

/**
 * The thumbnail of a picture, WebP, in sRGB.
 *
 * @param image The decoded picture, its long side at least {@link THUMBNAIL_SIDE} unless the
 *   picture itself is smaller. Not used when its colours need their profile to look right.
 * @throws Error of the decoder.
 */
export async function encodeThumbnail(picture: Picture, image: RgbImage): Promise<Buffer> {
  const { width, height, data } = image;
  const pipeline = picture.profiled
    ? picture.pipeline('shown')
    : sharp(data, { raw: { width, height, channels: 3 } });
  return await shrunk(pipeline).toBuffer();
}

/** The thumbnail file of a picture, made again from `original` where it is missing. */
export async function ensureThumbnail(
  paths: LibraryPaths,
  pictureId: string,
  original: string,
): Promise<string> {
  const path = thumbnailPath(paths, pictureId);
  try {
    await access(path);
  } catch {
    await writeWhole(path, await thumbnailOf(original));
  }
  return path;
}

/** The thumbnail of a picture file, WebP. @throws MedleyError as `decodeImage` does */
export async function thumbnailOf(original: string): Promise<Buffer> {
  const bytes = await readPicture(original);
  return await withPicture(bytes, basename(original), (picture) =>
    shrunk(picture.pipeline('shown')).toBuffer(),
  );
}

/** Average colour as 0xRRGGBB, from a sample of about 10,000 pixels. */
export function averageColour({ width, height, data }: RgbImage): number {
  const step = Math.max(1, Math.floor((width * height) / 10_000));
  const sums = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < width * height; i += step) {
    for (let c = 0; c < 3; c += 1) sums[c] += data[i * 3 + c];
    count += 1;
  }
  const [red, green, blue] = sums.map((sum) => Math.round(sum / count));
  return red * 0x10000 + green * 0x100 + blue;
}

function shrunk(pipeline: Sharp): Sharp {
  return pipeline
    .flatten({ background: 'white' })
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
    .webp(webp);
}
