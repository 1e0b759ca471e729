import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Dtype, ModelInfo } from '#shared/schemas/model.ts';
import type { FeatureUse, Floats, ImageFeatures } from './med-model.ts';

/**
 * Patch features of several photos as one tensor `[photos, tokens, width]` of a type. Features that
 * a model of the other type made are converted.
 *
 * @throws MedleyError `bad-request` when they are not of one model
 */
export function stackFeatures(
  images: readonly ImageFeatures[],
  width: number,
  dtype: Dtype,
): Tensor {
  const size = images[0].patches.length;
  if (size % width !== 0 || images.some(({ patches }) => patches.length !== size)) {
    throw new MedleyError('bad-request', 'The photo features given are not of this model.');
  }
  const parts = images.map(({ patches }) => patches);
  const data = laidEndToEnd(parts, dtype);
  const dims = [images.length, size / width, width];
  if (data instanceof Float32Array) return new Tensor('float32', data, dims);
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.length);
  return new Tensor('float16', bits, dims);
}

/** Equal parts of the features of a batch, without copies: a photo's are some hundred kilobytes. */
export function viewsOf(patches: Floats, photos: number): Floats[] {
  const size = patches.length / photos;
  return Array.from({ length: photos }, (_, i) => patches.subarray(i * size, (i + 1) * size));
}

function laidEndToEnd(parts: readonly Floats[], dtype: Dtype): Floats {
  const [{ buffer, byteOffset, length }] = parts;
  const type = dtype === 'f16' ? Float16Array : Float32Array;
  const total = parts.length * length;
  const follow = parts.every(
    (part, i) =>
      part instanceof type &&
      part.buffer === buffer &&
      part.byteOffset === byteOffset + i * part.byteLength,
  );
  // Photos just encoded together lie so already.
  if (follow) {
    return dtype === 'f16'
      ? new Float16Array(buffer, byteOffset, total)
      : new Float32Array(buffer, byteOffset, total);
  }
  const all = new type(total);
  parts.forEach((part, i) => {
    all.set(part, i * length);
  });
  return all;
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

/** Bytes of memory that features take. */
export function bytesOf({ patches, captioner }: ImageFeatures): number {
  return patches.byteLength + (captioner === undefined ? 0 : bytesOf(captioner));
}

/** Features to be kept: a view of a batch's would keep those of the whole batch. */
export function ownCopy({ patches, captioner }: ImageFeatures): ImageFeatures {
  const own = { patches: patches.slice() };
  return captioner === undefined ? own : { ...own, captioner: ownCopy(captioner) };
}

/** Whether features that a model made can be put to a use, or must be made again. */
export function suffices(
  { captioner }: ImageFeatures,
  use: FeatureUse,
  model: Pick<ModelInfo, 'captioner'>,
): boolean {
  return use === 'matching' || model.captioner === null || captioner !== undefined;
}

/** The numbers of the model's own image encoder, to be looked at by whoever checks them. */
export function patchNumbers({ patches }: ImageFeatures): Floats {
  return patches;
}

/**
 * The mean of features, number by number: of many photos it stands for none in particular.
 *
 * @param images of one model, at least one
 */
export function meanFeatures(images: readonly ImageFeatures[]): ImageFeatures {
  const mean = { patches: meanPatches(images.map(({ patches }) => patches)) };
  const own = images.map(({ captioner }) => captioner).filter((each) => each !== undefined);
  return own.length < images.length ? mean : { ...mean, captioner: meanFeatures(own) };
}

function meanPatches(all: readonly Floats[]): Floats {
  const sums = new Float32Array(all[0].length);
  for (const patches of all) {
    for (let i = 0; i < sums.length; i++) sums[i] += patches[i] / all.length;
  }
  return all[0] instanceof Float32Array ? sums : Float16Array.from(sums);
}
