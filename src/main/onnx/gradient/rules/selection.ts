import type { Value } from '../../graph.ts';
import { cast } from '../../operators/elementwise.ts';
import { expandLike, reshape } from '../../operators/layout.ts';
import { scatterAdd } from '../../operators/selection.ts';
import { normalizeAxis } from '../../shape.ts';
import { intOf } from '../attributes.ts';
import type { Rules } from '../rule.ts';
import { filledLike, sizeOfAll } from '../shapes.ts';

/** Rules of operators that pick elements by indices. */
export const selectionRules: Rules = {
  Gather: ({ node, inputs: [x, indices], gradientOf }) => [
    () => {
      const axis = intOf(node, 'axis', 0);
      const count = sizeOfAll(indices.shape);
      const alone = x.shape.map((_, i) => (i === axis ? count : 1));
      const updates = reshape(gradientOf(), x.shape.with(axis, count), x);
      return added(x, reshape(indices, alone), updates, axis);
    },
    null,
  ],
  GatherElements: ({ node, inputs: [x, indices], gradientOf }) => [
    () => added(x, indices, gradientOf(), normalizeAxis(intOf(node, 'axis', 0), x.shape.length)),
    null,
  ],
};

/** Zeros in the shape of `x`, and `updates` added where they came from; the sums are of f32. */
function added(x: Value, indices: Value, updates: Value, axis: number): Value {
  const sums = cast(updates, 'f32');
  const zeros = cast(filledLike(x, 0), 'f32');
  return cast(scatterAdd(zeros, expandLike(indices, sums), sums, axis), x.type);
}
