import type { Value } from '../../graph.ts';
import { cast, constantLike, div, exp, mul, sub } from '../../operators/elementwise.ts';
import { expandLike, reshape } from '../../operators/layout.ts';
import { countAlong } from '../../operators/open-axes.ts';
import { equal, less, whereElse } from '../../operators/logic.ts';
import { reduceSum } from '../../operators/reduction.ts';
import { constantIntegers, intOf } from '../attributes.ts';
import type { Application, Rules } from '../rule.ts';

/** Rules of operators that make one number of many. */
export const reductionRules: Rules = {
  ReduceSum: (application) => [() => spread(application, application.gradientOf())],
  ReduceMean: (application) => [
    () => {
      const { inputs, gradientOf } = application;
      const count = countAlong(inputs[0], axesOf(application));
      return div(spread(application, gradientOf()), cast(count, inputs[0].type));
    },
  ],
  // At the length 0, where there is no slope, it is taken as 0.
  ReduceL2: (application) => [
    () => {
      const { inputs, outputs, gradientOf } = application;
      const length = restored(application, outputs[0]);
      const isLong = less(constantLike(length, 0), length);
      return mul(restored(application, gradientOf()), whereElse(isLong, div(inputs[0], length), 0));
    },
  ],
  // Equal largest numbers share the gradient.
  ReduceMax: (application) => [
    () => {
      const { inputs, outputs, gradientOf } = application;
      const isLargest = cast(equal(inputs[0], restored(application, outputs[0])), inputs[0].type);
      const winners = reduceSum(isLargest, { axes: axesOf(application) });
      return mul(div(restored(application, gradientOf()), winners), isLargest);
    },
  ],
  ReduceLogSumExp: (application) => [
    () => {
      const { inputs, outputs, gradientOf } = application;
      const share = exp(sub(inputs[0], restored(application, outputs[0])));
      return mul(restored(application, gradientOf()), share);
    },
  ],
};

/** The axes that were reduced: all of them where the node names none. */
function axesOf({ inputs: [x, axes] }: Application): number[] {
  return axes === undefined ? x.shape.map((_, axis) => axis) : constantIntegers(axes);
}

/** What belongs to the output, with the reduced axes as 1. */
function restored(application: Application, y: Value): Value {
  const { node, inputs } = application;
  if (intOf(node, 'keepdims', 1) === 1) return y;
  const axes = axesOf(application);
  const shape = inputs[0].shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return reshape(y, shape, inputs[0]);
}

/** What belongs to the output, repeated over the reduced axes. */
function spread(application: Application, y: Value): Value {
  return expandLike(restored(application, y), application.inputs[0]);
}
