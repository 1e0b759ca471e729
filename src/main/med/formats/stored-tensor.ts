import { MedleyError } from '#shared/errors.ts';

/** The number types that weights are read in, with the bytes of one number. */
export const bytesOfWeight = { f32: 4, f16: 2, bf16: 2 } as const;

export type WeightType = keyof typeof bytesOfWeight;

/** One tensor of a weights file: what it is and where its bytes lie. */
export interface StoredTensor {
  /** What the file calls it. */
  readonly name: string;
  readonly type: WeightType;
  readonly shape: readonly number[];
  /** Absolute path, links resolved. */
  readonly file: string;
  /** Bytes from the file's start. */
  readonly offset: number;
  readonly length: number;
}

/** More than any checkpoint has: those of BLIP-large are about a thousand. */
export const MAX_TENSORS = 2 ** 16;
/** More dimensions than any weight has. */
export const MAX_RANK = 8;

/** Tensors by name. */
export type TensorIndex = ReadonlyMap<string, StoredTensor>;

/**
 * The tensors of a file as its reader found them.
 *
 * @throws MedleyError `checkpoint-invalid` when there are none, naming the file
 */
export function requireTensors(tensors: TensorIndex, file: string): TensorIndex {
  if (tensors.size > 0) return tensors;
  throw invalidWeights(file, 'there are no weights of a model in it. Download it again.');
}

/** A checkpoint that cannot be used: which file, which tensor, and why. */
export function invalidWeights(file: string, reason: string, tensor?: string): MedleyError {
  const place = tensor === undefined ? file : `${file}: tensor ${tensor}`;
  return new MedleyError('checkpoint-invalid', `${place}: ${reason}`, { subject: tensor ?? file });
}
