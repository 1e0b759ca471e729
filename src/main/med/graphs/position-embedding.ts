import type { Value } from '#main/onnx/graph.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { concat, reshape, slice, transpose } from '#main/onnx/operators/layout.ts';
import { resizeCubic } from '#main/onnx/operators/resize.ts';
import type { Parameters } from '../checkpoint/parameters.ts';

/**
 * Position embeddings `[1, 1 + tokens, width]`, [CLS] first. Where they were trained on a square of
 * another number of tokens they are interpolated (`interpolate_pos_embed` of salesforce/BLIP); all
 * inputs are constants, so this happens once, when the session is made.
 */
export function positionEmbedding(
  p: Parameters,
  name: string,
  tokens: number,
  width: number,
): Value {
  const [, rows = 0] = p.shapeOf(name);
  const [from, to] = [Math.sqrt(rows - 1), Math.sqrt(tokens)];
  // Rows that are no square with [CLS] fail here, for their shape.
  if (!Number.isInteger(from) || from < 1 || from === to)
    return p.get(name, [1, tokens + 1, width]);
  const stored = p.get(name, [1, rows, width], 'f32');
  const grid = transpose(reshape(slice(stored, 1, 1, rows), [1, from, from, width]), [0, 3, 1, 2]);
  const resized = transpose(resizeCubic(grid, to, to), [0, 2, 3, 1]);
  const positions = concat([slice(stored, 1, 0, 1), reshape(resized, [1, tokens, width])], 1);
  return cast(positions, p.dtype);
}
