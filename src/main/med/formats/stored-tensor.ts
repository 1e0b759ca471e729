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

/** Tensors by name. */
export type TensorIndex = ReadonlyMap<string, StoredTensor>;

/** Whether both tensors are the same bytes of the same file. */
export function isSamePlace(a: StoredTensor, b: StoredTensor): boolean {
  return a.file === b.file && a.offset === b.offset && a.length === b.length;
}

/** A checkpoint that cannot be used: which file, which tensor, and why. */
export function invalidWeights(file: string, reason: string, tensor?: string): MedleyError {
  const place = tensor === undefined ? file : `${file}: tensor ${tensor}`;
  return new MedleyError('checkpoint-invalid', `${place}: ${reason}`, { subject: tensor ?? file });
}
