import { gradients } from '#main/onnx/gradient/gradients.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { add, mul, tanh } from '#main/onnx/operators/elementwise.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { reduceMean } from '#main/onnx/operators/reduction.ts';
import { floats, someFloats } from '../run-graph.ts';
import type { Tensors } from '#main/runtime/session.ts';

/** How many layers a network has, and how wide it and its input are. */
export interface Size {
  readonly layers: number;
  readonly rows: number;
  readonly width: number;
}

/**
 * The gradients `gradient 0`, `gradient 1`, ... of a residual network's loss with respect to its
 * weights; between every so many layers activations are kept, or all of them are.
 */
export function deepNetwork({ layers, rows, width }: Size, layersBetween: number | null) {
  const graph = new Graph('deep');
  const x = graph.input('x', 'f32', ['rows', width]);
  const weights = Array.from({ length: layers }, (_, i) =>
    graph.input(`weight ${i}`, 'f32', [width, width]),
  );
  const checkpoints: Value[] = [x];
  const y = weights.reduce((input, weight, i) => {
    const output = add(input, matMul(tanh(matMul(input, weight)), weight));
    if (layersBetween !== null && (i + 1) % layersBetween === 0) checkpoints.push(output);
    return output;
  }, x);
  const loss = reduceMean(mul(y, y), { axes: [0, 1], keepsAxes: false });
  const found = gradients(loss, weights, layersBetween === null ? {} : { checkpoints });
  for (const [i, gradient] of found.entries()) {
    // As an update of the weight has it, in the order of the weights.
    graph.output(`gradient ${i}`, add(gradient, gradient));
  }
  const feeds: Tensors = Object.fromEntries([
    ['x', floats(someFloats(rows * width), [rows, width])],
    ...weights.map(({ name }, i) => [
      name,
      floats(
        someFloats(width * width + i)
          .slice(i)
          .map((n) => n / 8),
        [width, width],
      ),
    ]),
  ]);
  return { graph, feeds };
}
