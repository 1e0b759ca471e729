import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { layerNormalization, logSoftmax, softmax } from '#main/onnx/operators/normalization.ts';
import {
  reduceL2,
  reduceLogSumExp,
  reduceMax,
  reduceMaxOfAll,
  reduceMean,
  reduceSum,
} from '#main/onnx/operators/reduction.ts';
import { floats, runGraph } from '../run-graph.ts';
import { expectGradients } from './finite-differences.ts';
import { seeds, shapes, variable } from './variables.ts';

const runs = { numRuns: 12 };

describe('gradients of reductions over the last axis, and of what is normalised by them', () => {
  const operators: [string, (x: Value) => Value][] = [
    ['ReduceL2', reduceL2],
    ['ReduceMax', reduceMax],
    ['ReduceMax of all', reduceMaxOfAll],
    ['ReduceLogSumExp', reduceLogSumExp],
    ['Softmax', (x) => softmax(x, -1)],
    ['Softmax over the first axis', (x) => softmax(x, 0)],
    ['LogSoftmax', logSoftmax],
  ];
  test.each(operators)('%s', async (_, build) => {
    await fc.assert(
      fc.asyncProperty(shapes(1, 3), seeds, fc.boolean(), async (shape, seed, isOpen) => {
        const variables = [variable(shape, seed, { isOpen })];
        await expectGradients({ variables, build: ([x]) => build(x) });
      }),
      runs,
    );
  });
});

test('equal largest numbers share the gradient', async () => {
  const graph = new Graph('tie');
  const x = graph.input('x', 'f32', [4]);
  const [gradient] = gradients(reduceMaxOfAll(x), [x]);
  graph.output('gradient', gradient);
  const outputs = await runGraph(graph, { x: floats([3, 1, 3, 2], [4]) });
  expect(outputs['gradient'].values).toEqual([0.5, 0, 0.5, 0]);
});

test('a row of length 0 has the gradient 0', async () => {
  const graph = new Graph('zero');
  const x = graph.input('x', 'f32', [2, 2]);
  const lengths = reduceSum(reduceL2(x), { axes: [0, 1], keepsAxes: false });
  graph.output('gradient', gradients(lengths, [x])[0]);
  const outputs = await runGraph(graph, { x: floats([0, 0, 3, 4], [2, 2]) });
  expect(outputs['gradient'].values).toEqual([0, 0, 0.6, 0.8].map(Math.fround));
});

describe('gradients of reductions over any axes', () => {
  test.each([
    ['ReduceSum', reduceSum],
    ['ReduceMean', reduceMean],
  ])('%s', async (_, reduce) => {
    const axesOf = (shape: number[]) =>
      fc.subarray(
        shape.map((_size, axis) => axis),
        { minLength: 1 },
      );
    const shapeAndAxes = shapes(1, 3).chain((shape) => fc.tuple(fc.constant(shape), axesOf(shape)));
    await fc.assert(
      fc.asyncProperty(
        shapeAndAxes,
        seeds,
        fc.boolean(),
        fc.boolean(),
        async ([shape, axes], seed, isOpen, keepsAxes) => {
          const variables = [variable(shape, seed, { isOpen })];
          const build = ([x]: Value[]) => reduce(x, { axes, keepsAxes });
          await expectGradients({ variables, build });
        },
      ),
      runs,
    );
  });
});

test('gradients of LayerNormalization, its gain and its bias', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes(0, 2),
      fc.integer({ min: 2, max: 5 }),
      seeds,
      fc.boolean(),
      async (leading, width, seed, isOpen) => {
        const x = variable([...leading, width], seed, { isOpen });
        const variables = [
          { ...x, dims: x.dims.with(-1, width) },
          variable([width], seed + 1, { place: 'positive' }),
          variable([width], seed + 2),
        ];
        const build = ([v, gain, bias]: Value[]) => layerNormalization(v, gain, bias, 1e-2);
        await expectGradients({ variables, build });
      },
    ),
    runs,
  );
});
