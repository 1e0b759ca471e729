import type { Value } from '#main/onnx/graph.ts';
import { add } from '#main/onnx/operators/elementwise.ts';
import { concat } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { layerNormalization } from '#main/onnx/operators/normalization.ts';
import { GraphError } from '#main/onnx/graph-error.ts';
import type { Parameters } from '../parameters.ts';

/** Size of an axis that must be known. */
export function knownSize(x: Value, axis: number): number {
  const size = x.shape.at(axis);
  if (typeof size !== 'number') throw new GraphError(`${x.name}: axis ${axis} is not known`);
  return size;
}

/** `x W + b`, from `NAME.weight` `[outputs, inputs]` and `NAME.bias`. */
export function linear(p: Parameters, name: string, x: Value, outputs: number): Value {
  const weight = p.getTransposed(`${name}.weight`, knownSize(x, -1), outputs);
  return add(matMul(x, weight), p.get(`${name}.bias`, [outputs]));
}

/** Layer normalisation over the last axis, from `NAME.weight` and `NAME.bias`. */
export function norm(p: Parameters, name: string, x: Value, epsilon: number): Value {
  const width = [knownSize(x, -1)];
  return layerNormalization(
    x,
    p.get(`${name}.weight`, width),
    p.get(`${name}.bias`, width),
    epsilon,
  );
}

/** Several {@link linear} layers of one input, side by side: `[..., outputs * names]`. */
export function linears(p: Parameters, names: readonly string[], x: Value, outputs: number): Value {
  const width = knownSize(x, -1);
  const weights = names.map((name) => p.getTransposed(`${name}.weight`, width, outputs));
  const biases = names.map((name) => p.get(`${name}.bias`, [outputs]));
  return add(matMul(x, concat(weights, 1)), concat(biases, 0));
}
