import fc from 'fast-check';
import { test } from 'vitest';
import type { Value } from '#main/onnx/graph.ts';
import { add, gelu, mul, scale, sub, tanh } from '#main/onnx/operators/elementwise.ts';
import { concat, slice, transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { softmax } from '#main/onnx/operators/normalization.ts';
import { reduceMean } from '#main/onnx/operators/reduction.ts';
import { expectGradients } from './finite-differences.ts';
import { seeds, variable } from './variables.ts';

/** Each makes a `[rows, 3]` of two. */
const operators: readonly ((a: Value, b: Value) => Value)[] = [
  add,
  sub,
  (a, b) => mul(tanh(a), b),
  (a) => gelu(a),
  (a, b) => add(softmax(a, -1), b),
  (a, b) => sub(a, reduceMean(b)),
  (a, b) => sub(a, reduceMean(b, { axes: [0] })),
  (a, b) => matMul(softmax(scale(matMul(a, transpose(b, [1, 0])), 0.5), -1), b),
  (a, b) => slice(concat([b, a], 1), 1, 2, 5),
];

/** An operator and the values it is applied to, counted from the latest one. */
const application = fc.record({
  operator: fc.constantFrom(...operators),
  first: fc.nat({ max: 4 }),
  second: fc.nat({ max: 4 }),
});

test('gradients of any composition, with values used many times, once or never', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(application, { minLength: 1, maxLength: 7 }),
      fc.integer({ min: 1, max: 3 }),
      seeds,
      async (applications, rows, seed) => {
        const variables = [seed, seed + 1].map((s) => ({
          ...variable([rows, 3], s),
          dims: ['rows', 3],
        }));
        const build = (given: Value[]) => {
          const values = [...given];
          for (const { operator, first, second } of applications) {
            const [a, b] = [first, second].map(
              (i) => values[values.length - 1 - (i % values.length)],
            );
            values.push(tanh(operator(a, b)));
          }
          return values[values.length - 1];
        };
        // What bends so much, differences follow less closely; a contribution forgotten is more.
        await expectGradients({ variables, step: 2 ** -7, tolerance: 1e-3, build });
      },
    ),
    { numRuns: 25 },
  );
});
