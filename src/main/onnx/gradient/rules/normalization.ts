import type { Value } from '../../graph.ts';
import { add, cast, constantLike, div, exp, mul, sub, sqrt } from '../../operators/elementwise.ts';
import { reduceMean, reduceSum } from '../../operators/reduction.ts';
import { normalizeAxis } from '../../shape.ts';
import { floatOf, intOf } from '../attributes.ts';
import type { Rules } from '../rule.ts';

/** Rules of operators that bring numbers along an axis to a scale. */
export const normalizationRules: Rules = {
  Softmax: ({ node, outputs: [y], gradientOf }) => [
    () => {
      const axes = [normalizeAxis(intOf(node, 'axis', -1), y.shape.length)];
      const gradient = gradientOf();
      return mul(y, sub(gradient, reduceSum(mul(gradient, y), { axes })));
    },
  ],
  LogSoftmax: ({ node, outputs: [y], gradientOf }) => [
    () => {
      const axes = [normalizeAxis(intOf(node, 'axis', -1), y.shape.length)];
      const gradient = gradientOf();
      return sub(gradient, mul(exp(y), reduceSum(gradient, { axes })));
    },
  ],
  // Statistics are of f32, as ONNX Runtime takes them in the operator itself.
  LayerNormalization: ({ node, inputs: [x, gain, bias], gradientOf }) => {
    const { normal, deviation } = normalised(cast(x, 'f32'), floatOf(node, 'epsilon'));
    const gradient = cast(gradientOf(), 'f32');
    return [
      () => {
        const weighted = mul(gradient, cast(gain, 'f32'));
        const along = mul(normal, reduceMean(mul(weighted, normal)));
        const across = sub(sub(weighted, reduceMean(weighted)), along);
        return cast(div(across, deviation), x.type);
      },
      () => cast(mul(gradient, normal), gain.type),
      () => cast(gradient, bias.type),
    ];
  },
};

/** `x` with mean 0 and variance 1 along the last axis, and what it was divided by. */
function normalised(x: Value, epsilon: number): { normal: Value; deviation: Value } {
  const centred = sub(x, reduceMean(x));
  const variance = reduceMean(mul(centred, centred));
  const deviation = sqrt(add(variance, constantLike(x, epsilon)));
  return { normal: div(centred, deviation), deviation };
}
