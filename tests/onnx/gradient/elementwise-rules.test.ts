import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Graph, Value } from '#main/onnx/graph.ts';
import {
  abs,
  add,
  clip,
  constantLike,
  div,
  erf,
  exp,
  gelu,
  min,
  mul,
  pow,
  sqrt,
  sub,
  tanh,
} from '#main/onnx/operators/elementwise.ts';
import { less, where } from '#main/onnx/operators/logic.ts';
import { expectGradients } from './finite-differences.ts';
import { broadcastShapes, seeds, shapes, variable } from './variables.ts';

const runs = { numRuns: 12 };

describe('gradients of one tensor, element by element', () => {
  const around0: [string, (x: Value) => Value][] = [
    ['Exp', exp],
    ['Erf', erf],
    ['Tanh', tanh],
    ['Gelu', gelu],
    ['Abs', abs],
    ['Clip below', (x) => clip(x, -0.3)],
    ['Clip', (x) => clip(x, -0.3, 0.6)],
    ['Mul with itself', (x) => mul(x, x)],
    ['Identity', (x) => x.graph.apply('Identity', [x], x)],
    ['Pow', (x) => pow(x, constantLike(x, 2))],
  ];
  const positive: [string, (x: Value) => Value][] = [
    ['Sqrt', sqrt],
    ['Pow to a broken power', (x) => pow(x, constantLike(x, -1.5))],
  ];
  test.each([
    ...around0.map(([name, build]) => [name, build, 'around0'] as const),
    ...positive.map(([name, build]) => [name, build, 'positive'] as const),
  ])('%s', async (_, build, place) => {
    await fc.assert(
      fc.asyncProperty(shapes(0, 3), seeds, fc.boolean(), async (shape, seed, isOpen) => {
        const variables = [variable(shape, seed, { place, isOpen })];
        await expectGradients({ variables, build: ([x]) => build(x) });
      }),
      runs,
    );
  });
});

describe('gradients of two tensors, one broadcast to the other', () => {
  const operators: [string, (a: Value, b: Value, graph: Graph) => Value][] = [
    ['Add', add],
    ['Sub', sub],
    ['Mul', mul],
    ['Div', div],
    ['Min', min],
    ['Where', (a, b, g) => where(less(a, g.scalar('f32', 0.3)), a, b)],
    ['Where by the smaller', (a, b) => where(less(b, constantLike(b, 0.96)), a, b)],
  ];
  test.each(operators)('%s', async (_, build) => {
    await fc.assert(
      fc.asyncProperty(
        broadcastShapes,
        seeds,
        fc.boolean(),
        fc.boolean(),
        async ([large, small], seed, isOpen, isSwapped) => {
          const shapesInOrder = isSwapped ? [small, large] : [large, small];
          const variables = [
            variable(shapesInOrder[0], seed, { isOpen }),
            variable(shapesInOrder[1], seed + 1, { isOpen, place: 'positive' }),
          ];
          await expectGradients({ variables, build: ([a, b], graph) => build(a, b, graph) });
        },
      ),
      runs,
    );
  });
});
