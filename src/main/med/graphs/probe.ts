import type { ProbeModels } from '#main/runtime/probe.ts';
import { Graph } from '#main/onnx/graph.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import type { Dtype } from '#shared/schemas/model.ts';

const PRODUCTS = 4;

/** The small models that show whether a provider works, and how fast. */
export function probeModels(): ProbeModels {
  return { f32: probeModel('f32'), f16: probeModel('f16') };
}

function probeModel(dtype: Dtype): Uint8Array {
  const graph = new Graph(`probe-${dtype}`);
  const x = cast(graph.input('x', 'f32', ['n', 'n']), dtype);
  let y = x;
  for (let i = 0; i < PRODUCTS; i++) y = matMul(y, x);
  graph.output('y', cast(y, 'f32'));
  return toModelBytes(graph);
}
