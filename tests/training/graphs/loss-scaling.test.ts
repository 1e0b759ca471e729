import { expect, test } from 'vitest';
import { Graph } from '#main/onnx/graph.ts';
import { isFinite, scalingAfter } from '#main/training/graphs/loss-scaling.ts';
import { floats, runGraph } from '../../onnx/run-graph.ts';

const interval = 3;

/** Factor and steps since it changed, after steps with these norms of the gradients. */
async function after(norms: readonly number[]): Promise<number[][]> {
  const graph = new Graph('scaling');
  const [factor, since, norm] = ['factor', 'since', 'norm'].map((name) =>
    graph.input(name, 'f32', []),
  );
  const next = scalingAfter({ factor, since }, isFinite(norm), interval);
  graph.output('next factor', next.factor);
  graph.output('next since', next.since);
  const states = [[8, 0]];
  for (const value of norms) {
    const [now, steps] = states[states.length - 1];
    const outputs = await runGraph(graph, {
      factor: floats([now], []),
      since: floats([steps], []),
      norm: floats([value], []),
    });
    states.push([outputs['next factor'].values[0], outputs['next since'].values[0]]);
  }
  return states.slice(1);
}

test('the factor is doubled after three steps that end well, and halved by one that does not', async () => {
  expect(await after([1, 0, 3e38, 2, 2])).toEqual([
    [8, 1],
    [8, 2],
    [16, 0],
    [16, 1],
    [16, 2],
  ]);
  expect(await after([1, 1, Infinity, 1, NaN, NaN, 1])).toEqual([
    [8, 1],
    [8, 2],
    [4, 0],
    [4, 1],
    [2, 0],
    [1, 0],
    [1, 1],
  ]);
});
