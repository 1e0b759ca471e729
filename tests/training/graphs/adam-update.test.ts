import { expect, test } from 'vitest';
import { adamDefaults, adamUpdateGraph } from '#main/training/graphs/adam-update.ts';
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

test('the update is that of AdamW after clipping, and keeps within bounds', async () => {
  const graph = adamUpdateGraph(parameters, { ...adamDefaults, momentum: 0.5 });
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
