import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';

/** Added to the attention score of what must not be seen: softmax makes it 0, in f16 as in f32. */
export const HIDDEN = -1e4;

/**
 * Token sequences as the inputs of the text graphs, padded to the longest: `ids` i32
 * `[rows, length]`, `positions` i32 `[length]`, `mask` f32 `[rows, 1, 1, length]`.
 */
export function textBatch(sequences: readonly (readonly number[])[], pad: number): Tensors {
  const rows = sequences.length;
  const length = Math.max(...sequences.map((sequence) => sequence.length));
  const ids = new Int32Array(rows * length).fill(pad);
  const mask = new Float32Array(rows * length).fill(HIDDEN);
  for (const [row, sequence] of sequences.entries()) {
    ids.set(sequence, row * length);
    mask.fill(0, row * length, row * length + sequence.length);
  }
  return {
    ids: new Tensor('int32', ids, [rows, length]),
    positions: positionsFrom(0, length),
    mask: new Tensor('float32', mask, [rows, 1, 1, length]),
  };
}

/** `length` positions from `start`, i32 `[length]`. */
export function positionsFrom(start: number, length: number): Tensor {
  return new Tensor(
    'int32',
    Int32Array.from({ length }, (_, i) => start + i),
    [length],
  );
}
