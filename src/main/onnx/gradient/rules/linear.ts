import { GraphError } from '../../graph-error.ts';
import { matMul, transposedMatMul } from '../../operators/linear.ts';
import { intOf } from '../attributes.ts';
import { rowsOf, swapped } from '../products.ts';
import type { Rules } from '../rule.ts';

/** Rules of matrix products. */
export const linearRules: Rules = {
  MatMul: ({ inputs: [a, b], gradientOf }) => [
    () => matMul(gradientOf(), swapped(b)),
    () =>
      b.shape.length === 2
        ? transposedMatMul(rowsOf(a), rowsOf(gradientOf()))
        : matMul(swapped(a), gradientOf()),
  ],
  Gemm: ({ node, inputs: [a, b], gradientOf }) => {
    if (intOf(node, 'transA', 0) !== 1) throw new GraphError('Gemm of a matrix that is not turned');
    return [() => matMul(b, swapped(gradientOf())), () => matMul(a, gradientOf())];
  },
};
