import { createHash } from 'node:crypto';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import { decodedSize, decodePixels, type DecodeOptions } from './decode/decode-pixels.ts';
import type { Picture } from './decode/picture.ts';
import { THUMBNAIL_SIDE } from './thumbnail.ts';

/** How pictures are decoded to be compared, whatever size a model wants to see them in. */
const comparison: DecodeOptions = { minSide: 224, minLongSide: THUMBNAIL_SIDE };

/**
 * A hash of what a picture shows, equal for files that differ in their metadata alone: the first 32
 * hex digits of the SHA-256 of its pixels, decoded in one way. Another version of the decoder may
 * give others; then a photo whose metadata is changed is looked at anew, and nothing else.
 *
 * @param image The picture as it was decoded with `options`.
 * @throws Error of the decoder.
 */
export async function hashPixels(
  picture: Picture,
  image: RgbImage,
  options: DecodeOptions,
): Promise<string> {
  const size = decodedSize(picture, comparison);
  const given = decodedSize(picture, options);
  const { data } =
    size.width === given.width && size.height === given.height
      ? image
      : await decodePixels(picture, comparison);
  const hash = createHash('sha256');
  // A profile changes what people see, and the thumbnail with it.
  hash.update(JSON.stringify([picture.width, picture.height, picture.profiled]));
  return hash.update(data).digest('hex').slice(0, 32);
}
