import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bench } from '#main/evaluation/bench.ts';
import { loadModel } from '#main/med/model/load.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const load = (name: string) => () => loadModel({ folder: join(fixtures, name), device: 'cpu' });

test('measures every stage of a real model, and what it takes to hold it', async () => {
  const named: string[] = [];
  const result = await bench({
    load: load('tiny-model'),
    seconds: 0,
    onProgress: (figure) => named.push(figure),
  });
  expect(result.rates.map(({ stage, batch }) => `${stage} ${batch}`)).toEqual([
    ...['vision 1', 'vision 8', 'vision 32'],
    ...['greedy 1', 'greedy 32', 'beam3 1', 'beam3 32'],
    ...['texts 1', 'texts 32', 'pairs-pixels 32', 'pairs-features 32'],
  ]);
  for (const { perSecond } of result.rates) expect(perSecond).toBeGreaterThan(0);
  expect(Number.isFinite(result.preprocessMs)).toBe(true);
  expect(result.loadSeconds).toBeGreaterThan(0);
  expect(result.peakBytes).toBeGreaterThan(process.memoryUsage().rss / 2);
  expect(new Set(named).size).toBe(1 + result.rates.length + 1);
});

test('leaves out what a model has no parts for, and what was not asked for', async () => {
  const stagesOf = async (name: string) => {
    const options = { load: load(`official/${name}`), seconds: 0, maxBatch: 8 };
    const { rates } = await bench({ ...options, stages: ['vision', 'beam3', 'texts'] });
    return rates.map(({ stage, batch }) => `${stage} ${batch}`);
  };
  expect(await stagesOf('matching')).toEqual(['vision 1', 'vision 8', 'texts 1']);
  expect(await stagesOf('captioning')).toEqual(['vision 1', 'vision 8', 'beam3 1']);
});
