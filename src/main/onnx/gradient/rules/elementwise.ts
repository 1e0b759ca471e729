import { cast, constantLike, div, exp, mul, pow, scale, sub } from '../../operators/elementwise.ts';
import { and, greaterOrEqual, less, not, where, whereElse } from '../../operators/logic.ts';
import type { Rules } from '../rule.ts';

/** Rules of operators that work element by element. */
export const elementwiseRules: Rules = {
  Add: ({ gradientOf }) => [gradientOf, gradientOf],
  Sub: ({ gradientOf }) => [gradientOf, () => scale(gradientOf(), -1)],
  Mul: ({ inputs: [a, b], gradientOf }) => [() => mul(gradientOf(), b), () => mul(gradientOf(), a)],
  Div: ({ inputs: [, b], outputs: [y], gradientOf }) => [
    () => div(gradientOf(), b),
    () => scale(div(mul(gradientOf(), y), b), -1),
  ],
  Min: ({ inputs: [a, b], gradientOf }) => [
    () => whereElse(greaterOrEqual(b, a), gradientOf(), 0),
    () => whereElse(less(b, a), gradientOf(), 0),
  ],
  Clip: ({ inputs: [x, minimum, maximum], gradientOf }) => [
    () => {
      const above = greaterOrEqual(x, minimum);
      const isFree = maximum === undefined ? above : and(above, greaterOrEqual(maximum, x));
      return whereElse(isFree, gradientOf(), 0);
    },
  ],
  Abs: ({ inputs: [x], gradientOf }) => [
    () => {
      const zero = constantLike(x, 0);
      const downhill = whereElse(less(x, zero), scale(gradientOf(), -1), 0);
      return where(less(zero, x), gradientOf(), downhill);
    },
  ],
  Sqrt: ({ outputs: [y], gradientOf }) => [() => div(scale(gradientOf(), 0.5), y)],
  Exp: ({ outputs: [y], gradientOf }) => [() => mul(gradientOf(), y)],
  Erf: ({ inputs: [x], gradientOf }) => [
    () => mul(gradientOf(), scale(exp(scale(mul(x, x), -1)), 2 / Math.sqrt(Math.PI))),
  ],
  Tanh: ({ outputs: [y], gradientOf }) => [
    () => mul(gradientOf(), sub(constantLike(y, 1), mul(y, y))),
  ],
  Pow: ({ inputs: [x, exponent], gradientOf }) => [
    () => mul(gradientOf(), mul(exponent, pow(x, sub(exponent, constantLike(exponent, 1))))),
  ],
  Cast: ({ inputs: [x], gradientOf }) => [() => cast(gradientOf(), x.type)],
  Where: ({ inputs: [condition], gradientOf }) => [
    null,
    () => whereElse(condition, gradientOf(), 0),
    () => whereElse(not(condition), gradientOf(), 0),
  ],
  Identity: ({ gradientOf }) => [gradientOf],
};
