import { decodeImage } from '#main/library/decode/decode-image.ts';
import { THUMBNAIL_SIDE } from '#main/library/thumbnail.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { preprocess } from '#main/med/preprocess/square.ts';

/**
 * Decodes a photo exactly as its import into a library does, and makes the model's input of it.
 * @throws {MedleyError} `file-missing`, `file-unreadable`, `image-*`, naming the file.
 */
export async function readPixels(model: MedModel, file: string): Promise<PhotoInput> {
  const options = { minSide: model.info.imageSize, minLongSide: THUMBNAIL_SIDE };
  return preprocess(model, await decodeImage(file, options));
}
