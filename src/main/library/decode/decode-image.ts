import { basename } from 'node:path';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import { decodePixels, type DecodeOptions } from './decode-pixels.ts';
import { readPicture } from './read-picture.ts';
import { withPicture } from './with-picture.ts';

/**
 * Decodes a picture file as the model sees it: {@link decodePixels}.
 *
 * @param source A path, or the bytes of a file.
 * @throws MedleyError `file-missing`, `file-unreadable`, `image-unsupported`, `image-corrupt`,
 *   `image-too-large`.
 */
export async function decodeImage(
  source: string | Buffer,
  options: DecodeOptions = {},
): Promise<RgbImage> {
  const isPath = typeof source === 'string';
  const name = isPath ? basename(source) : 'the picture';
  const bytes = isPath ? await readPicture(source) : source;
  return await withPicture(bytes, name, (picture) => decodePixels(picture, options));
}
