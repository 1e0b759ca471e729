import type { Value } from '#main/onnx/graph.ts';
import { cast, clip, div } from '#main/onnx/operators/elementwise.ts';
import { reduceL2 } from '#main/onnx/operators/reduction.ts';

/** Rows scaled to length 1, in f32; a row of zeros stays zero. */
export function unitVectors(x: Value): Value {
  const exact = cast(x, 'f32');
  return div(exact, clip(reduceL2(exact), 1e-12));
}
