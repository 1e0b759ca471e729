import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codesOf, outputSteps, type WeightMatrix } from '#main/med/checkpoint/quantise.ts';

const matrix = ({ outputs, inputs }: { outputs: number; inputs: number }) =>
  fc
    .float32Array({
      min: -1e6,
      max: 1e6,
      noNaN: true,
      minLength: outputs * inputs,
      maxLength: outputs * inputs,
    })
    .map((data): WeightMatrix => ({ data, outputs, inputs }));

// Above 64 outputs there is a second block, which need not be full.
const matrices = fc
  .record({ outputs: fc.integer({ min: 0, max: 70 }), inputs: fc.integer({ min: 0, max: 9 }) })
  .chain(matrix);

test('every weight is within half a step of its code, and its output has a code at the end', () => {
  fc.assert(
    fc.property(matrices, (weight) => {
      const { data, outputs, inputs } = weight;
      const steps = outputSteps(weight);
      const codes = codesOf(weight, steps);
      expect(codes).toHaveLength(outputs * inputs);
      for (let output = 0; output < outputs; output++) {
        const row = Array.from(data.slice(output * inputs, (output + 1) * inputs));
        const column = row.map((_, input) => codes[input * outputs + output]);
        const step = steps[output];
        for (const [input, value] of row.entries()) {
          expect(Math.abs(value - column[input] * step)).toBeLessThanOrEqual(
            step * 0.50001 + 1e-30,
          );
        }
        const largest = Math.max(0, ...column.map(Math.abs));
        expect(largest).toBe(step === 0 ? 0 : 127);
      }
    }),
  );
});

test('rows become columns, each with a step of its own', () => {
  const weight = {
    data: Float32Array.of(1.27, -0.64, 0.01, 0, 0, 0, -254, 2, 3),
    outputs: 3,
    inputs: 3,
  };
  const steps = outputSteps(weight);
  expect(Array.from(steps)).toEqual([Math.fround(Math.fround(1.27) / 127), 0, 2]);
  expect(Array.from(codesOf(weight, steps))).toEqual([127, 0, -127, -64, 0, 1, 1, 0, 2]);
});

test('weights too small for a step are 0', () => {
  const weight = { data: Float32Array.of(3e-43, -1e-45), outputs: 1, inputs: 2 };
  const steps = outputSteps(weight);
  expect(Array.from(steps)).toEqual([0]);
  expect(Array.from(codesOf(weight, steps))).toEqual([0, 0]);
});
