import { expect, it } from 'vitest';
import { indexStatus } from '#main/engine/tasks/index-task.ts';
import type { Activity } from '#shared/schemas/activity.ts';

const words = { title: '', doing: '', purpose: '' };

function activity(
  state: Activity['state'],
  total: number,
  problem: string | null = null,
): Activity {
  const stage = { words, rate: null, total };
  return {
    state,
    looking: false,
    stages: [
      { ...stage, name: 'import', done: total, failed: 0 },
      { ...stage, name: 'embed', done: total / 2, failed: total / 10 },
    ],
    secondsLeft: 61,
    failures: 0,
    problem,
  };
}

it('counts what was done and failed over all stages', () => {
  expect(indexStatus(activity('running', 20))).toEqual({
    kind: 'index',
    state: 'running',
    progress: { done: 32, total: 40, unit: 'steps', rate: null, secondsLeft: 61 },
    error: null,
  });
});

it.each([
  ['running', 'running'],
  ['paused', 'paused'],
  ['cancelled', 'cancelled'],
  ['idle', 'done'],
] as const)('%s work is a task that is %s', (state, expected) => {
  expect(indexStatus(activity(state, 20))?.state).toBe(expected);
});

it('is no task where there was nothing to do', () => {
  expect(indexStatus(activity('idle', 0))).toBeNull();
});

it('says why it stands still', () => {
  expect(indexStatus(activity('paused', 20, 'The disk is full.'))?.error).toBe('The disk is full.');
});
