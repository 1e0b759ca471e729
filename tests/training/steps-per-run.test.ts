import { expect, test } from 'vitest';
import { StepsPerRun } from '#main/training/steps-per-run.ts';

/** Steps of the next run after runs that took so many seconds. */
function after(runs: StepsPerRun, seconds: readonly number[]): number {
  for (const each of seconds) runs.took(each, runs.next);
  return runs.next;
}

test('runs on CUDA grow while they are short, and shrink when they are long', () => {
  const runs = new StepsPerRun('cuda', { bytesOfStep: 1e6 });
  expect(runs.next).toBe(1);
  expect(after(runs, [0.1, 0.2, 0.4])).toBe(8);
  expect(after(runs, [1.5])).toBe(8);
  expect(after(runs, [3])).toBe(4);
  expect(after(runs, [0.1, 0.1, 0.1, 0.1, 0.1])).toBe(32);
  // A run that an epoch's end cut short says nothing of longer ones.
  runs.took(0.1, 3);
  runs.took(9, 3);
  expect(runs.next).toBe(32);
});

test('as many as there is memory for the features of', () => {
  const runs = new StepsPerRun('cuda', { bytesOfStep: 200e6 });
  expect(after(runs, [0.1, 0.1, 0.1])).toBe(2);
  expect(after(new StepsPerRun('cuda', { bytesOfStep: 1e12 }), [0.1, 0.1])).toBe(1);
});

test.each(['cpu', 'webgpu'] as const)('on %s a run is one step', (provider) => {
  expect(after(new StepsPerRun(provider, { bytesOfStep: 1 }), [0.001, 0.001])).toBe(1);
});

test('as many as are asked for', () => {
  expect(new StepsPerRun('cpu', { bytesOfStep: 1, most: 4 }).next).toBe(4);
});
