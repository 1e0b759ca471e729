import type { Value } from '../../graph.ts';
import { add, constantLike, erf, exp, mul, scale } from '../../operators/elementwise.ts';
import type { Rules } from '../rule.ts';

/** Rules of activations. */
export const activationRules: Rules = {
  Gelu: ({ inputs: [x], gradientOf }) => [() => mul(gradientOf(), geluSlope(x))],
};

/** `Phi(x) + x phi(x)` of the normal distribution: the slope of Gelu in the exact form, with erf. */
function geluSlope(x: Value): Value {
  const below = scale(add(erf(scale(x, Math.SQRT1_2)), constantLike(x, 1)), 0.5);
  const density = scale(exp(scale(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(below, mul(x, density));
}
