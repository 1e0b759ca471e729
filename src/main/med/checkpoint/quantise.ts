import { largestCode } from '#main/onnx/operators/quantised.ts';

/** A linear layer's weight, stored `[outputs, inputs]` row by row. */
export interface WeightMatrix {
  readonly data: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
}

/** Weights that stay below this are 0. */
const SMALLEST = 1e-30;

/**
 * The step between two codes of each output: the largest magnitude of its weights is code 127. An
 * output whose weights are all 0 has step 0.
 */
export function outputSteps({ data, outputs, inputs }: WeightMatrix): Float32Array {
  const steps = new Float32Array(outputs);
  for (let output = 0; output < outputs; output++) {
    let peak = 0;
    for (let at = output * inputs, end = at + inputs; at < end; at++) {
      const magnitude = Math.abs(data[at]);
      if (magnitude > peak) peak = magnitude;
    }
    steps[output] = peak < SMALLEST ? 0 : peak / largestCode;
  }
  return steps;
}

/** A number that is near 0 becomes whole, the nearest one, when this is added to it and taken away again. */
const ROUNDING = 1.5 * 2 ** 52;
/** Outputs coded at a time, so that the transposed writes of a block stay in the processor's cache. */
const BLOCK = 64;

/**
 * Weights as codes of these steps, transposed to `[inputs, outputs]` as a matrix product takes them:
 * the nearest code, so that a weight and its code times the step differ by at most half a step.
 */
export function codesOf(
  { data, outputs, inputs }: WeightMatrix,
  steps: Float32Array,
): Int8Array<ArrayBuffer> {
  const codes = new Int8Array(outputs * inputs);
  for (let first = 0; first < outputs; first += BLOCK) {
    const end = Math.min(first + BLOCK, outputs);
    for (let output = first; output < end; output++) {
      const perStep = steps[output] === 0 ? 0 : 1 / steps[output];
      const row = output * inputs;
      for (let input = 0; input < inputs; input++) {
        codes[input * outputs + output] = data[row + input] * perStep + ROUNDING - ROUNDING;
      }
    }
  }
  return codes;
}
