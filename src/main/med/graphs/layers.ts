import type { Value } from '#main/onnx/graph.ts';
import { add } from '#main/onnx/operators/elementwise.ts';
import { concat } from '#main/onnx/operators/layout.ts';
import { layerNormalization } from '#main/onnx/operators/normalization.ts';
import { GraphError } from '#main/onnx/graph-error.ts';
import type { Parameters } from '../checkpoint/parameters.ts';

/** Size of an axis that must be known. */
export function knownSize(x: Value, axis: number): number {
  const size = x.shape.at(axis);
  if (typeof size !== 'number') throw new GraphError(`${x.name}: axis ${axis} is not known`);
  return size;
}

/** `x W + b`, from `NAME.weight` `[outputs, inputs]` and `NAME.bias`. */
export function linear(p: Parameters, name: string, x: Value, outputs: number): Value {
  const product = p.product(x, [`${name}.weight`], knownSize(x, -1), outputs);
  return add(product, p.get(`${name}.bias`, [outputs]));
}

/** {@link linear} in the graph's type always: for a small layer whose output is the answer. */
export function head(p: Parameters, name: string, x: Value, outputs: number): Value {
  const product = p.floatProduct(x, [`${name}.weight`], knownSize(x, -1), outputs);
  return add(product, p.get(`${name}.bias`, [outputs]));
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
  const weights = names.map((name) => `${name}.weight`);
  const biases = names.map((name) => p.get(`${name}.bias`, [outputs]));
  return add(p.product(x, weights, knownSize(x, -1), outputs), concat(biases, 0));
}
