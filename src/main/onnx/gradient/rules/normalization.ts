import { GraphError } from '../../graph-error.ts';
import type { Value } from '../../graph.ts';
import { cast, exp, mul, sub } from '../../operators/elementwise.ts';
import { reduceMean, reduceSum } from '../../operators/reduction.ts';
import { formatShape, normalizeAxis } from '../../shape.ts';
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
  LayerNormalization: ({ node, inputs: [x, gain, bias], gradientOf }) => {
    const { normal, scale } = normalised(cast(x, 'f32'), floatOf(node, 'epsilon'));
    const gradient = cast(gradientOf(), 'f32');
    const along = mul(gradient, normal);
    return [
      () => {
        const weight = cast(gain, 'f32');
        const weighted = mul(gradient, weight);
        const drift = mul(normal, reduceMean(mul(along, weight)));
        return cast(mul(sub(sub(weighted, reduceMean(weighted)), drift), scale), x.type);
      },
      () => cast(along, gain.type),
      () => cast(gradient, bias.type),
    ];
  },
};

/**
 * `x [..., width]` with mean 0 and variance 1 along the last axis, and what it was multiplied by for
 * that, `[..., 1]`. Statistics are of f32, as ONNX Runtime takes them within the operator.
 */
function normalised(x: Value, epsilon: number): { normal: Value; scale: Value } {
  const width = x.shape.at(-1);
  if (typeof width !== 'number') {
    throw new GraphError(`LayerNormalization of ${formatShape(x.shape)} has no rule`);
  }
  const ones = x.graph.numbers(Array.from({ length: width }, () => 1));
  const statistic = { type: x.type, shape: x.shape.with(-1, 1) };
  const [normal, , scale] = x.graph.node(
    'LayerNormalization',
    [x, ones],
    [x, statistic, statistic],
    {
      axis: { kind: 'int', value: -1 },
      epsilon: { kind: 'float', value: epsilon },
    },
  );
  return { normal, scale };
}
