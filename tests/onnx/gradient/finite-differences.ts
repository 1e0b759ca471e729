import { expect } from 'vitest';
import { InferenceSession, type Tensor } from '#main/runtime/onnx-runtime.ts';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { mul, scale } from '#main/onnx/operators/elementwise.ts';
import { reduceSum } from '#main/onnx/operators/reduction.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import type { Shape } from '#main/onnx/shape.ts';
import { floats } from '../run-graph.ts';

/** A tensor to differentiate with respect to. */
export interface Variable {
  readonly values: readonly number[];
  readonly shape: readonly number[];
  /** What the graph calls its dimensions; the shape itself where they are known to it. */
  readonly dims?: Shape;
}

export interface Case {
  readonly variables: readonly Variable[];
  /** Inputs that `build` declares, by name. */
  readonly feeds?: Readonly<Record<string, Tensor>>;
  /** Of the differences; smaller ones suit what bends more. */
  readonly step?: number;
  /** How far f32 and the differences may be off, of the largest slope. */
  readonly tolerance?: number;
  /** Gives what is differentiated, f32 of any shape. */
  readonly build: (variables: Value[], graph: Graph) => Value;
}

/** Weights of the five-point stencil for a slope, whose error goes with the fourth power of the step. */
const stencil: readonly [steps: number, weight: number][] = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
];

/**
 * Compares the gradients of `sum(y ** 3) / 3`, where `y` is what `build` gives, with central
 * differences of the same sum, taken in f64 of the `y` that ONNX Runtime computes in f32.
 */
export async function expectGradients({
  variables,
  feeds = {},
  step = 2 ** -6,
  tolerance = 2e-4,
  build,
}: Case): Promise<void> {
  const graph = new Graph('differentiated');
  const inputs = variables.map(({ shape, dims = shape }, i) => graph.input(`x${i}`, 'f32', dims));
  const y = build(inputs, graph);
  const found = gradients(sumOfCubes(y), inputs);
  for (const [i, gradient] of found.entries()) {
    expect([gradient.type, ...gradient.shape]).toEqual(['f32', ...inputs[i].shape]);
    graph.output(`gradient${i}`, gradient);
  }
  graph.output('y', y.graph.apply('Identity', [y], y));
  const session = await InferenceSession.create(toModelBytes(graph));
  const run = (at: readonly Variable[]) =>
    session.run({
      ...feeds,
      ...Object.fromEntries(at.map(({ values, shape }, i) => [`x${i}`, floats(values, shape)])),
    });
  const lossAt = async (variable: number, index: number, steps: number) => {
    const { values } = variables[variable];
    const moved = values.with(index, values[index] + steps * step);
    const outputs = await run(variables.with(variable, { ...variables[variable], values: moved }));
    return numbersOf(outputs['y']).reduce((sum, n) => sum + n ** 3 / 3, 0);
  };
  const outputs = await run(variables);
  for (const [i, { values, shape }] of variables.entries()) {
    const actual = outputs[`gradient${i}`];
    const slopes: number[] = [];
    for (const index of values.keys()) {
      let slope = 0;
      for (const [steps, weight] of stencil) slope += weight * (await lossAt(i, index, steps));
      slopes.push(slope / step);
    }
    expect(actual.dims).toEqual(shape);
    expect(
      distance(numbersOf(actual), slopes),
      `x${i}: ${numbersOf(actual).join()} for ${slopes.join()}`,
    ).toBeLessThan(tolerance);
  }
  await session.release();
}

function sumOfCubes(y: Value): Value {
  const cubes = scale(mul(mul(y, y), y), 1 / 3);
  const axes = y.shape.map((_, axis) => axis);
  return axes.length === 0 ? cubes : reduceSum(cubes, { axes, keepsAxes: false });
}

/** The largest difference, as a share of the largest number expected. */
function distance(actual: readonly number[], expected: readonly number[]): number {
  const largest = Math.max(1e-1, ...expected.map(Math.abs));
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]))) / largest;
}

function numbersOf({ data }: Tensor): number[] {
  return Array.from<unknown, number>(data, Number);
}
