import type { Value } from '#main/onnx/graph.ts';
import { add, scale } from '#main/onnx/operators/elementwise.ts';
import { reshape, transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { layerNormalization, softmax } from '#main/onnx/operators/normalization.ts';
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

/** `[N, T, heads * d] -> [N, heads, T, d]` */
export function splitHeads(x: Value, heads: number): Value {
  const [batch, length] = x.shape;
  return transpose(reshape(x, [batch, length, heads, knownSize(x, -1) / heads]), [0, 2, 1, 3]);
}

/** `[N, heads, T, d] -> [N, T, heads * d]` */
export function mergeHeads(x: Value): Value {
  const [batch, , length] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, knownSize(x, 1) * knownSize(x, 3)]);
}

/**
 * Scaled dot-product attention: `query [N, heads, T, d]`, `key [N, heads, d, S]` (already
 * transposed), `value [N, heads, S, d]`, and what is added to the scores before softmax.
 */
export function attend(query: Value, key: Value, value: Value, bias?: Value): Value {
  const scores = matMul(scale(query, knownSize(query, -1) ** -0.5), key);
  return matMul(softmax(bias === undefined ? scores : add(scores, bias), -1), value);
}

/** `[N, heads, S, d] -> [N, heads, d, S]`: keys as {@link attend} takes them. */
export function transposeKeys(keys: Value): Value {
  return transpose(keys, [0, 1, 3, 2]);
}
