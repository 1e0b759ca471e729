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

/**
 * Captions as the inputs of the caption-likelihood graph, from the tokens of each, [DEC] first and
 * [SEP] last. A token sees itself and those before it.
 *
 * @param others of each caption the tokens that are asked for besides, by the place that they would take;
 *   they come after the caption's own
 */
export function causalBatch(
  captions: readonly (readonly number[])[],
  pad: number,
  others: readonly ReadonlyMap<number, readonly number[]>[] = [],
): Tensors {
  const rows = captions.length;
  const length = Math.max(...captions.map((caption) => caption.length)) - 1;
  const ids = new Int32Array(rows * length).fill(pad);
  const most = others.flatMap((places) => Array.from(places.values(), (each) => each.length));
  const asked = 1 + Math.max(0, ...most);
  const targets = new Int32Array(rows * length * asked).fill(pad);
  for (const [row, caption] of captions.entries()) {
    ids.set(caption.slice(0, -1), row * length);
    for (const [place, token] of caption.slice(1).entries()) {
      const tokens = [token, ...(others.at(row)?.get(place) ?? [])];
      targets.set(tokens, (row * length + place) * asked);
    }
  }
  const mask = new Float32Array(rows * length * length).fill(HIDDEN);
  for (let place = 0; place < rows * length; place++) {
    // What follows a caption's end is behind all of its tokens, so hiding the future hides it too.
    mask.fill(0, place * length, place * length + (place % length) + 1);
  }
  return {
    ids: new Tensor('int32', ids, [rows, length]),
    targets: new Tensor('int32', targets, [rows * length, asked]),
    positions: positionsFrom(0, length),
    mask: new Tensor('float32', mask, [rows, 1, length, length]),
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
