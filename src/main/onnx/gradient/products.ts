import type { Node, Value } from '../graph.ts';
import { reshape, transpose } from '../operators/layout.ts';
import { transposedMatMul } from '../operators/linear.ts';
import { intsOf } from './attributes.ts';
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

/** `x` with its last two axes in the other order; where it was made that way, what it was made of. */
export function swapped(x: Value): Value {
  const rank = x.shape.length;
  const order = x.shape
    .map((_, axis) => axis)
    .with(-1, rank - 2)
    .with(-2, rank - 1);
  const producer = producerOf(x);
  if (producer?.op === 'Transpose' && intsOf(producer, 'perm').join() === order.join()) {
    const [source] = producer.inputs;
    if (source !== null) return source;
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
