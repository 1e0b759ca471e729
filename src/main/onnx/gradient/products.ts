import type { Node, Value } from '../graph.ts';
import { concat, reshape, transpose } from '../operators/layout.ts';
import { transposedMatMul } from '../operators/linear.ts';
import { splitLike } from '../operators/open-axes.ts';
import { intOf, intsOf } from './attributes.ts';
import { sizeOfAll } from './shapes.ts';

/**
 * The transpose of a matrix that {@link transposedMatMul} made, as the product of the same two in
 * the other order: `(a' b)' = b' a`. Null for any other value. Weights are stored the other way
 * round than they are multiplied, so their gradients come by here, and turning them costs a pass
 * over memory as large as the weights.
 */
export function transposedProduct(x: Value): Value | null {
  const producer = producerOf(x);
  if (producer?.op !== 'Gemm') return null;
  const [a, b] = producer.inputs;
  return a === null || b === null ? null : transposedMatMul(b, a);
}

/**
 * The parts of a matrix that {@link transposedMatMul} made, cut like others that were laid side by
 * side, as products of their own: `a' [b c] = [a' b, a' c]`. Null for any other value. Weights are
 * laid so to be multiplied at once, and {@link transposedProduct} wants products.
 */
export function productParts(x: Value, like: readonly Value[], axis: number): Value[] | null {
  const producer = producerOf(x);
  if (producer?.op !== 'Gemm' || axis !== 1) return null;
  const [a, b] = producer.inputs;
  if (a === null || b === null) return null;
  return splitLike(b, like, 1).map((part) => transposedMatMul(a, part));
}

/** `x` with its last two axes in the other order; where it was made that way, what it was made of. */
export function swapped(x: Value): Value {
  const rank = x.shape.length;
  const order = x.shape
    .map((_, axis) => axis)
    .with(-1, rank - 2)
    .with(-2, rank - 1);
  const producer = producerOf(x);
  const sources = producer?.inputs.filter((source) => source !== null) ?? [];
  if (producer?.op === 'Transpose' && intsOf(producer, 'perm').join() === order.join()) {
    return sources[0];
  }
  if (producer?.op === 'Concat' && intOf(producer, 'axis', 0) === rank - 1) {
    return concat(sources.map(swapped), rank - 2);
  }
  return transpose(x, order);
}

/** `x [..., K]` as a matrix `[rows, K]`. */
export function rowsOf(x: Value): Value {
  const width = x.shape.at(-1);
  if (x.shape.length === 2 || width === undefined) return x;
  return reshape(x, [sizeOfAll(x.shape.slice(0, -1)), width]);
}

function producerOf(x: Value): Node | undefined {
  return x.graph.nodes.findLast((node) => node.outputs.includes(x));
}
