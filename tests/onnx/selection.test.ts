import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { describe, expect, test } from 'vitest';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { add, cast, div, mul, sub } from '#main/onnx/operators/elementwise.ts';
import { expand, expandLike } from '#main/onnx/operators/layout.ts';
import {
  and,
  any,
  greaterOrEqual,
  equal,
  less,
  not,
  or,
  where,
  whereElse,
} from '#main/onnx/operators/logic.ts';
import {
  argMax,
  gatherElements,
  scatterAdd,
  scatterElements,
  topK,
} from '#main/onnx/operators/selection.ts';
import { floats, runGraph } from './run-graph.ts';

const x = [3, -1, 4, 1, -5, 9];

function longs(values: readonly number[], shape: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
}

/** Runs what `build` makes of `x` `[2, 3]` and two indices a row, i64 `[2, 2]`. */
async function outcome(build: (x: Value, indices: Value, graph: Graph) => Value) {
  const graph = new Graph('one');
  const input = graph.input('x', 'f32', [2, 3]);
  const y = build(input, graph.input('indices', 'i64', [2, 2]), graph);
  graph.output('y', y);
  const { y: actual } = await runGraph(graph, {
    x: floats(x, [2, 3]),
    indices: longs([2, 0, 1, 1], [2, 2]),
  });
  expect(actual.shape).toEqual(y.shape);
  return actual.values;
}

describe('selection', () => {
  test('argMax says where the largest stands, the first of equals', async () => {
    expect(await outcome((v) => argMax(v))).toEqual([2, 2]);
    expect(await outcome((v, _, g) => argMax(cast(less(v, g.scalar('f32', 9)), 'f32')))).toEqual([
      0, 0,
    ]);
  });

  test('comparison and logic', async () => {
    const three = (graph: Graph) => graph.scalar('f32', 3);
    expect(await outcome((v, _, g) => less(v, three(g)))).toEqual([0, 1, 0, 1, 1, 0]);
    expect(await outcome((v, _, g) => greaterOrEqual(v, three(g)))).toEqual([1, 0, 1, 0, 0, 1]);
    expect(await outcome((v, _, g) => equal(v, three(g)))).toEqual([1, 0, 0, 0, 0, 0]);
    expect(await outcome((v, _, g) => not(equal(v, three(g))))).toEqual([0, 1, 1, 1, 1, 1]);
    const negative = (v: Value, g: Graph) => less(v, g.scalar('f32', 0));
    const small = (v: Value, g: Graph) => less(v, g.scalar('f32', 2));
    expect(await outcome((v, _, g) => and(small(v, g), not(negative(v, g))))).toEqual([
      0, 0, 0, 1, 0, 0,
    ]);
    expect(await outcome((v, _, g) => or(negative(v, g), equal(v, three(g))))).toEqual([
      1, 1, 0, 0, 1, 0,
    ]);
    expect(await outcome((v, _, g) => any(negative(v, g)))).toEqual([1]);
    expect(await outcome((v, _, g) => any(less(v, g.scalar('f32', -5))))).toEqual([0]);
  });

  test('one value or another', async () => {
    const negative = (v: Value) => less(v, v.graph.scalar('f32', 0));
    expect(await outcome((v) => where(negative(v), mul(v, v), v))).toEqual([3, 1, 4, 1, 25, 9]);
    expect(await outcome((v) => whereElse(negative(v), v, 0))).toEqual([0, -1, 0, 0, -5, 0]);
  });

  test('the largest and the smallest, in order, and where they stood', async () => {
    const two = (g: Graph) => g.integers([2]);
    const largest = (v: Value, g: Graph) => topK(v, two(g), 2, 'largest');
    expect(await outcome((v, _, g) => largest(v, g).values)).toEqual([4, 3, 9, 1]);
    expect(await outcome((v, _, g) => largest(v, g).indices)).toEqual([2, 0, 2, 0]);
    const smallest = (v: Value, g: Graph) => topK(v, two(g), 2, 'smallest');
    expect(await outcome((v, _, g) => smallest(v, g).values)).toEqual([-1, 3, -5, 1]);
  });

  test('elements picked and replaced row by row', async () => {
    expect(await outcome((v, indices) => gatherElements(v, indices))).toEqual([4, 3, -5, -5]);
    const doubled = (v: Value, indices: Value) => {
      const picked = gatherElements(v, indices);
      return scatterElements(v, indices, add(picked, picked));
    };
    expect(await outcome(doubled)).toEqual([6, -1, 8, 1, -10, 9]);
  });

  test('numbers added along an axis, those for the same place together', async () => {
    const rows = (v: Value, indices: Value) =>
      scatterAdd(v, indices, gatherElements(v, indices), 1);
    expect(await outcome(rows)).toEqual([6, -1, 8, 1, -15, 9]);
    const columns = (v: Value, _: Value, g: Graph) =>
      scatterAdd(v, expandLike(g.integers([1, 0, 1]), v), v, 0);
    expect(await outcome(columns)).toEqual([3, -7, 4, 5, -5, 22]);
  });

  test('difference, and integers divided', async () => {
    expect(await outcome((v) => sub(v, add(v, v)))).toEqual(x.map((n) => -n));
    const halved = (_: Value, indices: Value, g: Graph) => div(indices, g.scalar('i64', 2));
    expect(await outcome(halved)).toEqual([1, 0, 0, 0]);
  });

  test('one number laid out in sizes that only the inputs know, and in none', async () => {
    const graph = new Graph('expand');
    graph.input('rows', 'f32', ['rows']);
    const seven = graph.scalar('f32', 7);
    graph.output('sevens', expand(seven, ['rows', 2]));
    graph.output('none', expand(seven, ['rows', 0]));
    const { sevens, none } = await runGraph(graph, { rows: floats([0, 0, 0], [3]) });
    expect(sevens).toEqual({ shape: [3, 2], values: [7, 7, 7, 7, 7, 7] });
    expect(none).toEqual({ shape: [3, 0], values: [] });
  });
});

describe('selection refuses what does not fit, when the graph is built', () => {
  const graph = new Graph('refusals');
  const v = graph.input('x', 'f32', ['rows', 4]);
  const indices = graph.input('indices', 'i64', ['others', 2]);
  const count = graph.integers([2]);

  test.each([
    ['comparison of two types', () => less(v, indices)],
    ['logic of numbers', () => and(v, v)],
    ['a condition that is a number', () => where(v, v, v)],
    ['as many as a float says', () => topK(v, v, 2, 'largest')],
    ['rows of another size', () => gatherElements(v, indices)],
    ['indices that are floats', () => gatherElements(v, v)],
    ['updates of another type', () => scatterElements(v, cast(v, 'i32'), cast(v, 'i64'))],
    ['numbers added at fewer places', () => scatterAdd(v, indices, v, 1)],
    ['a shape it does not broadcast to', () => expand(v, ['rows', 5])],
    ['a size that no input carries', () => expand(count, ['columns', 2])],
  ])('%s', (_, build) => {
    expect(build).toThrowError(expect.objectContaining({ name: 'GraphError' }));
  });
});
