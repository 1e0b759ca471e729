import type { Graph } from '#main/onnx/graph.ts';
import type { QuantisedMatrix } from '#main/onnx/operators/quantised.ts';
import { codesOf, outputSteps, type WeightMatrix } from './quantise.ts';

/** The weight of a linear layer, read when it is needed. */
export interface ReadableMatrix {
  /** `[outputs, inputs]` */
  readonly shape: readonly [number, number];
  readonly read: () => Float32Array;
}

/**
 * The weights of linear layers of one input, each `[outputs, inputs]`, side by side in 8-bit codes.
 * They are read once for their steps and once for their codes, rather than kept in between.
 *
 * @param name what the constants are called
 */
export function quantisedMatrix(
  graph: Graph,
  name: string,
  matrices: readonly ReadableMatrix[],
): QuantisedMatrix {
  const [, inputs] = matrices[0].shape;
  const outputs = matrices.reduce((sum, { shape }) => sum + shape[0], 0);
  const read = (): WeightMatrix => ({
    data: endToEnd(matrices.map((matrix) => matrix.read())),
    outputs,
    inputs,
  });
  return {
    codes: graph.computed(`${name} codes`, 'i8', [inputs, outputs], () => {
      const weights = read();
      return bytesOf(codesOf(weights, outputSteps(weights)));
    }),
    scales: graph.computed(`${name} scales`, 'f32', [outputs], () => bytesOf(outputSteps(read()))),
  };
}

function endToEnd(arrays: readonly Float32Array[]): Float32Array {
  if (arrays.length === 1) return arrays[0];
  const whole = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}

function bytesOf({ buffer }: Int8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer);
}
