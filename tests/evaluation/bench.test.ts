import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bench, type BenchResult } from '#main/evaluation/bench.ts';
import { loadModel } from '#main/med/load.ts';

const folder = fileURLToPath(new URL('../fixtures/tiny-model', import.meta.url));

test('measures every stage of a real model', async () => {
  const model = await loadModel({ folder, device: 'cpu' });
  try {
    const named: string[] = [];
    const result: BenchResult = await bench({
      model,
      seconds: 0,
      onProgress: (figure) => named.push(figure),
    });
    const rates = [result.imageEncoder, result.textEncoder, result.greedy, result.beam3].flat();
    expect(rates.map(({ batch }) => batch)).toEqual([1, 8, 32, 1, 32, 1, 8, 1, 8]);
    for (const { perSecond } of [...rates, result.pairs]) expect(perSecond).toBeGreaterThan(0);
    expect(Number.isFinite(result.preprocessMs)).toBe(true);
    expect(new Set(named).size).toBe(1 + rates.length + 1);
  } finally {
    await model.dispose();
  }
});
