import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { describe, expect, test } from 'vitest';
import { Graph } from '#main/onnx/graph.ts';
import { loop, singleRound } from '#main/onnx/operators/control-flow.ts';
import { add, cast, mul } from '#main/onnx/operators/elementwise.ts';
import { concat, expand, gather, pick, reshape } from '#main/onnx/operators/layout.ts';
import { any, less } from '#main/onnx/operators/logic.ts';
import { floats, runGraph } from './run-graph.ts';

function rounds(most: number): Tensor {
  return new Tensor('int64', BigInt64Array.of(BigInt(most)), []);
}

/** Powers of `base`, until one reaches 1000. */
function powersGraph(): Graph {
  const graph = new Graph('powers');
  const most = graph.input('most', 'i64', []);
  const base = graph.input('base', 'f32', [2]);
  const { scans } = loop({
    name: 'multiply',
    rounds: most,
    states: { power: { initial: graph.scalar('f32', 1), shape: [2] } },
    body: ({ power }) => {
      const next = mul(power, base);
      const goOn = any(less(next, graph.scalar('f32', 1000)));
      return { goOn, next: { power: next }, scans: { powers: next } };
    },
  });
  graph.output('powers', scans['powers']);
  return graph;
}

test('a single round gives what a loop of one round does, without a loop', async () => {
  const build = (repeat: typeof loop) => {
    const graph = new Graph('once');
    const start = graph.input('start', 'f32', [2]);
    const { states, scans } = repeat({
      name: 'round',
      rounds: graph.scalar('i64', 1),
      states: { sum: { initial: start, shape: [2] } },
      body: ({ sum }, round, declare) => {
        const kept = declare('kept', { initial: start, shape: [2] });
        const next = add(add(sum, sum), cast(round, 'f32'));
        return { goOn: graph.scalar('bool', 1), next: { sum: next, kept }, scans: { sums: next } };
      },
    });
    for (const [name, value] of Object.entries({ ...states, ...scans })) graph.output(name, value);
    return graph;
  };
  const feeds = { start: floats([3, -4], [2]) };
  const expected = {
    sum: { values: [6, -8], shape: [2] },
    kept: { values: [3, -4], shape: [2] },
    sums: { values: [6, -8], shape: [1, 2] },
  };
  expect(await runGraph(build(loop), feeds)).toEqual(expected);
  expect(await runGraph(build(singleRound), feeds)).toEqual(expected);
  expect(build(singleRound).nodes.map(({ op }) => op)).not.toContain('Loop');
});

describe('loop', () => {
  test('carries a state, uses outer values, and stops by itself', async () => {
    const { powers } = await runGraph(powersGraph(), {
      most: rounds(50),
      base: floats([2, 100], [2]),
    });
    expect(powers.shape).toEqual([10, 2]);
    expect(powers.values.slice(-2)).toEqual([1024, 1e20].map(Math.fround));
  });

  test('stops after the most rounds', async () => {
    const { powers } = await runGraph(powersGraph(), {
      most: rounds(3),
      base: floats([2, 3], [2]),
    });
    expect(powers.values).toEqual([2, 3, 4, 9, 8, 27]);
  });

  test('takes states that its body declares, beside those given', async () => {
    const graph = new Graph('declaring');
    const start = graph.input('start', 'f32', [2]);
    const { states } = loop({
      name: 'grow',
      rounds: graph.input('most', 'i64', []),
      states: { power: { initial: start, shape: [2] } },
      body: ({ power }, _, declare) => {
        const sum = declare('sum', { initial: start, shape: [2] });
        const next = { power: mul(power, power), sum: add(sum, power) };
        return { goOn: graph.scalar('bool', 1), next, scans: {} };
      },
    });
    expect(Object.keys(states)).toEqual(['power', 'sum']);
    for (const [name, value] of Object.entries(states)) graph.output(name, value);
    const { power, sum } = await runGraph(graph, { most: rounds(2), start: floats([2, 3], [2]) });
    expect(power.values).toEqual([16, 81]);
    expect(sum.values).toEqual([2 + 2 + 4, 3 + 3 + 9]);
  });

  test('gives the states as the last round left them, and tells a round its number', async () => {
    const graph = new Graph('counting');
    const most = graph.input('most', 'i64', []);
    const weights = graph.input('weights', 'f32', ['given']);
    const { states } = loop({
      name: 'count',
      rounds: most,
      states: {
        sum: { initial: graph.scalar('f32', 100), shape: [] },
        latest: { initial: graph.scalar('i64', -1), shape: [] },
      },
      body: ({ sum }, round) => ({
        goOn: graph.scalar('bool', 1),
        next: { sum: add(sum, gather(weights, round, 0)), latest: round },
        scans: {},
      }),
    });
    graph.output('sum', states['sum']);
    graph.output('latest', states['latest']);
    const run = (count: number) =>
      runGraph(graph, { most: rounds(count), weights: floats([1, 2, 3, 4], [4]) });
    expect(await run(3)).toEqual({
      sum: { values: [106], shape: [] },
      latest: { values: [2], shape: [] },
    });
    expect((await run(0))['sum'].values).toEqual([100]);
  });

  test('a state may grow, and rows may multiply, from round to round', async () => {
    const graph = new Graph('growing');
    const most = graph.input('most', 'i64', []);
    const start = graph.input('start', 'i32', ['photos']);
    const copies = graph.input('copies', 'i32', ['copied']);
    const { scans } = loop({
      name: 'grow',
      rounds: most,
      states: {
        seen: { initial: expand(graph.scalar('i32', 0), ['photos', 0]), shape: ['rows', 'past'] },
        token: { initial: reshape(start, ['photos', 1]), shape: ['rows', 1] },
      },
      body: ({ seen, token }) => {
        const all = concat([seen, token], 1);
        const kept = gather(all, copies, 0);
        const next = add(reshape(pick(kept, -1, 1), ['copied', 1]), token.graph.scalar('i32', 10));
        return {
          goOn: any(less(next, token.graph.scalar('i32', 1000))),
          next: { seen: kept, token: next },
          scans: { last: cast(next, 'f32') },
        };
      },
    });
    graph.output('last', scans['last']);
    const { last: actual } = await runGraph(graph, {
      most: rounds(3),
      start: new Tensor('int32', Int32Array.of(1, 2), [2]),
      copies: new Tensor('int32', Int32Array.of(1, 0, 0), [3]),
    });
    // Round 1 takes rows 1, 0, 0 of (1, 2) and adds 10; the next ones rows 1, 0, 0 of those.
    expect(actual.shape).toEqual([3, 3, 1]);
    expect(actual.values).toEqual([12, 11, 11, 21, 22, 22, 32, 31, 31]);
  });

  test('what does not depend on the round is computed once, outside', () => {
    const graph = powersGraph();
    const [node] = graph.nodes;
    expect(graph.nodes).toHaveLength(1);
    const { body } = node.attributes;
    if (body.kind !== 'graph') throw new Error('a loop has a body');
    expect(body.value.nodes.map(({ op }) => op)).toEqual([
      'Mul',
      'Less',
      'Cast',
      'ReduceMax',
      'Cast',
      'Identity',
    ]);
  });

  test('a state that changes its type or is forgotten is refused', () => {
    const build = (next: 'cast' | 'none') => {
      const graph = new Graph('refused');
      loop({
        name: 'body',
        rounds: graph.input('most', 'i64', []),
        states: { x: { initial: graph.scalar('f32', 1), shape: [] } },
        body: ({ x }) => ({
          goOn: any(less(x, x)),
          next: next === 'cast' ? { x: cast(x, 'i32') } : {},
          scans: {},
        }),
      });
    };
    const refusal = expect.objectContaining({ name: 'GraphError' });
    expect(() => build('cast')).toThrowError(refusal);
    expect(() => build('none')).toThrowError(refusal);
  });

  test('a value of a body is not seen outside', () => {
    const graph = new Graph('outer');
    const x = graph.input('x', 'f32', [2]);
    const inner = new Graph('body', graph).input('y', 'f32', [2]);
    const other = new Graph('other', graph).input('z', 'f32', [2]);
    expect(add(x, inner).graph).toBe(inner.graph);
    expect(() => add(inner, other)).toThrowError(expect.objectContaining({ name: 'GraphError' }));
  });
});
