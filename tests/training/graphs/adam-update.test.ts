import { expect, test } from 'vitest';
import { Graph, type Value } from '#main/onnx/graph.ts';
import type { Shape } from '#main/onnx/shape.ts';
import { adamDefaults, adamUpdate } from '#main/training/graphs/adam-update.ts';
import { floats, runGraph } from '../../onnx/run-graph.ts';

const parameters = [
  { name: 'a', shape: [3], averaged: true },
  { name: 't', shape: [], bounds: [0.06, 0.5] as const, averaged: true },
];

/**
 * What `torch.optim.AdamW(lr=0.01 * step, weight_decay=0.05)` of PyTorch 2.15 makes of `a` and `t`
 * after `clip_grad_norm_(.., 1)` of half these gradients, but for the bound on `t`.
 */
const steps = [
  {
    a: [0.3, -0.2, 0.1],
    t: 0.05,
    norm: 0.1887458860873,
    next: [0.48975, -0.9895, 1.989],
    nextT: 0.06,
  },
  { a: [3, 4, -1], t: -2, norm: 2.7386128902, next: [0.47136748, -1.00143862, 1.99782753] },
  { a: [0, 0.5, 0.25], t: 0.125, norm: 0.286410987, next: [0.44991368, -1.0202899, 1.99473071] },
];

/** The update alone: every state and scalar as an input, and the states after it as `next/`. */
function updateGraph(momentum: number): Graph {
  const graph = new Graph('update');
  const number = (name: string) => graph.input(name, 'f32', []);
  const states = new Map<string, Value>();
  const state = (name: string, shape: Shape) => {
    const value = states.get(name) ?? graph.input(name, 'f32', shape);
    states.set(name, value);
    return value;
  };
  const gradients = parameters.map(({ name, shape }) => {
    return [name, graph.input(`gradient/${name}`, 'f32', shape)] as const;
  });
  const { next, norm } = adamUpdate(
    parameters,
    {
      state,
      gradients: new Map(gradients),
      share: number('share'),
      rate: number('rate'),
      corrections: [number('correction1'), number('correction2')],
    },
    { ...adamDefaults, momentum },
  );
  for (const [name, value] of Object.entries(next)) graph.output(`next/${name}`, value);
  graph.output('norm', norm);
  return graph;
}

test('the update is that of AdamW after clipping, and keeps within bounds', async () => {
  const graph = updateGraph(0.5);
  const shapes: Record<string, number[]> = { a: [3], t: [] };
  const state: Record<string, number[]> = {};
  for (const [name, value] of [
    ['a', [0.5, -1, 2]],
    ['t', [0.07]],
  ] as const) {
    state[name] = [...value];
    state[`first/${name}`] = value.map(() => 0);
    state[`second/${name}`] = value.map(() => 0);
    state[`momentum/${name}`] = [...value];
  }
  for (const [i, { a, t, norm, next, nextT }] of steps.entries()) {
    const before = { ...state };
    const feeds = Object.fromEntries(
      Object.entries(state).map(([key, values]) => {
        return [key, floats(values, shapes[key.slice(key.indexOf('/') + 1)])];
      }),
    );
    const outputs = await runGraph(graph, {
      ...feeds,
      'gradient/a': floats(a, [3]),
      'gradient/t': floats([t], []),
      share: floats([0.5], []),
      rate: floats([0.01 * (i + 1)], []),
      correction1: floats([1 - 0.9 ** (i + 1)], []),
      correction2: floats([1 - 0.999 ** (i + 1)], []),
    });
    for (const key of Object.keys(state)) state[key] = outputs[`next/${key}`].values;
    expect(outputs['norm'].values[0]).toBeCloseTo(norm, 6);
    state['a'].forEach((value, j) => expect(value).toBeCloseTo(next[j], 6));
    if (nextT !== undefined) expect(state['t'][0]).toBeCloseTo(nextT, 7);
    state['momentum/a'].forEach((value, j) => {
      expect(value).toBeCloseTo((before['momentum/a'][j] + next[j]) / 2, 6);
    });
  }
});
