import { checkSize, type ProbeModels } from '#main/runtime/probe.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { add, cast, scale } from '#main/onnx/operators/elementwise.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { largestCode, quantisedMatMul } from '#main/onnx/operators/quantised.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import type { FloatType } from '#shared/schemas/model.ts';

const PRODUCTS = 4;

/** The small models that show whether a provider works, and how fast. */
export function probeModels(): ProbeModels {
  return { f32: probeModel('f32'), f16: probeModel('f16'), int8: integerProbeModel() };
}

function probeModel(dtype: FloatType): Uint8Array {
  const graph = new Graph(`probe-${dtype}`);
  const x = cast(graph.input('x', 'f32', ['n', 'n']), dtype);
  graph.output('y', cast(power(x), 'f32'));
  return toModelBytes(graph);
}

function power(x: Value): Value {
  let y = x;
  for (let i = 0; i < PRODUCTS; i++) y = matMul(y, x);
  return y;
}

/**
 * The power in f32, and added to it how far a product of 8-bit integers is from the same one in f32.
 * Its codes are all the largest, as good as nothing off where products are summed exactly, and most
 * of the result where they overflow.
 */
function integerProbeModel(): Uint8Array {
  const graph = new Graph('probe-int8');
  const shape = [checkSize, checkSize];
  const x = graph.input('x', 'f32', shape);
  const codes = graph.computed('codes', 'i8', shape, () =>
    new Uint8Array(checkSize * checkSize).fill(largestCode),
  );
  const scales = graph.numbers(Array.from({ length: checkSize }, () => 1 / largestCode));
  const exact = matMul(x, scale(cast(codes, 'f32'), 1 / largestCode));
  const error = add(quantisedMatMul(x, { codes, scales }), scale(exact, -1));
  graph.output('y', add(power(x), error));
  return toModelBytes(graph);
}
