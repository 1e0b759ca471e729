import { expect, test } from 'vitest';
import { StepsPerRun } from '#main/training/steps-per-run.ts';

/** Steps of a run in the end, where handing over and each step take so many seconds. */
function settled(runs: StepsPerRun, handingOver: number, step: number): number {
  for (let run = 0; run < 12; run++) runs.took(handingOver + runs.next * step, runs.next);
  return runs.next;
}

test('a run on CUDA holds as many steps as three seconds do, however long the handing over', () => {
  expect(settled(new StepsPerRun('cuda', { bytesOfStep: 1e6 }), 1.2, 0.1)).toBe(16);
  expect(settled(new StepsPerRun('cuda', { bytesOfStep: 1e6 }), 0.1, 0.3)).toBe(8);
  expect(settled(new StepsPerRun('cuda', { bytesOfStep: 1e6 }), 0, 0.001)).toBe(32);
  expect(settled(new StepsPerRun('cuda', { bytesOfStep: 1e6 }), 3, 0.1)).toBe(1);
});

test('and on the CPU as one second does', () => {
  expect(settled(new StepsPerRun('cpu', { bytesOfStep: 1e6 }), 0.1, 0.2)).toBe(4);
  expect(settled(new StepsPerRun('cpu', { bytesOfStep: 1e6 }), 0.1, 0.7)).toBe(1);
});

test('a first run that loads kernels, and one that an epoch ends early, say nothing', () => {
  const runs = new StepsPerRun('cuda', { bytesOfStep: 1e6 });
  runs.took(9, 1);
  expect(settled(runs, 0.1, 0.3)).toBe(8);
  runs.took(9, 7);
  expect(runs.next).toBe(8);
  runs.took(9, 8);
  expect(runs.next).toBe(4);
});

test('no more than there is memory for the features of', () => {
  expect(settled(new StepsPerRun('cuda', { bytesOfStep: 200e6 }), 0, 0.01)).toBe(5);
  expect(settled(new StepsPerRun('cuda', { bytesOfStep: 1e12 }), 0, 0.01)).toBe(1);
});

test('where a provider has no loop, a run is one step', () => {
  expect(settled(new StepsPerRun('webgpu', { bytesOfStep: 1 }), 0, 0.001)).toBe(1);
});

test('as many as are asked for', () => {
  expect(new StepsPerRun('cpu', { bytesOfStep: 1, most: 4 }).next).toBe(4);
});
