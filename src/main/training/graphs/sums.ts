import type { Value } from '#main/onnx/graph.ts';
import { div } from '#main/onnx/operators/elementwise.ts';
import { reshape } from '#main/onnx/operators/layout.ts';
import { reduceSum } from '#main/onnx/operators/reduction.ts';

/** The sum of a column `[rows, 1]`: `[]`. */
export function sumOfColumn(x: Value): Value {
  return reshape(reduceSum(reshape(x, [1, x.shape[0]])), []);
}

/**
 * The mean of a column `[rows, 1]`: `[]`.
 *
 * @param ones `[rows, 1]` of ones
 */
export function meanOfColumn(x: Value, ones: Value): Value {
  return div(sumOfColumn(x), sumOfColumn(ones));
}
