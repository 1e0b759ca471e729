import { Tensor } from 'onnxruntime-node-gpu';
import { MedleyError } from '#shared/errors.ts';
import type { ImageFeatures } from './med-model.ts';

/**
 * Patch features of several photos as one tensor f32 `[photos, tokens, width]`.
 *
 * @throws MedleyError `bad-request` when they are not of one model
 */
export function stackFeatures(images: readonly ImageFeatures[], width: number): Tensor {
  const size = images[0].patches.length;
  if (size % width !== 0 || images.some(({ patches }) => patches.length !== size)) {
    throw new MedleyError('bad-request', 'The photo features given are not of this model.');
  }
  const data = new Float32Array(images.length * size);
  images.forEach(({ patches }, index) => {
    data.set(patches, index * size);
  });
  return new Tensor('float32', data, [images.length, size / width, width]);
}

/**
 * The same features without repeats, where each photo comes the same number of times in a row;
 * else all of them.
 */
export function withoutRepeats(images: readonly ImageFeatures[]): readonly ImageFeatures[] {
  const firsts = images.filter((image, i) => i === 0 || image !== images[i - 1]);
  const times = images.length / firsts.length;
  const isRegular = images.every((image, i) => image === firsts[Math.floor(i / times)]);
  return Number.isInteger(times) && isRegular ? firsts : images;
}
