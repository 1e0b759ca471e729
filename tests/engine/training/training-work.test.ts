import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingEnd, TrainingListeners } from '#main/engine/training/training-child.ts';
import { readTraining, type TrainingJob } from '#main/engine/training/training-file.ts';
import { TrainingWork } from '#main/engine/training/training-work.ts';
import { recipeFor } from '#main/training/recipe.ts';
import type { ErrorCode } from '#shared/errors.ts';

const job: TrainingJob = {
  modelFolder: '/model',
  modelName: 'starter',
  device: 'cpu',
  recipe: recipeFor('captioning', 'lora'),
  photos: [{ file: '/a.jpg', captions: ['a dog', 'our dog'] }],
};

let folder: string;
let work: TrainingWork;
let listeners: TrainingListeners;
/** Ends the process that trains. */
let end: (how: TrainingEnd) => void;
let started: number;

async function open(curveSeconds?: number): Promise<void> {
  work = new TrainingWork(
    {
      folder,
      curveSeconds,
      beforeStep: () => Promise.resolve(),
      onChange: () => {},
      onTrained: () => Promise.resolve('starter-captions'),
      start: (_folder, heard) => {
        started += 1;
        listeners = heard;
        return {
          ended: new Promise((resolve) => (end = resolve)),
          putDown: () => end(failed('cancelled', 'Put down.')),
        };
      },
    },
    await readTraining(folder),
  );
}

const failed = (code: ErrorCode, message: string): TrainingEnd => ({
  type: 'failed',
  error: { code, message },
});
const becomes = (state: string) => expect.poll(() => work.status?.state).toBe(state);
const step = (done: number) =>
  listeners.onProgress({
    stage: 'training',
    done,
    total: 9,
    losses: { lm: 5 - done },
    scores: [],
    secondsLeft: 10,
  });

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'medley-training-work-')), 'training');
  started = 0;
  await open();
});
afterEach(async () => {
  await work.close();
  await rm(join(folder, '..'), { recursive: true, force: true });
});

describe('a training', () => {
  it.each<ErrorCode>(['disk-full', 'device-unavailable', 'engine-stopped', 'internal'])(
    'that meets %s stands still with the reason, and can go on',
    async (code) => {
      await work.start('captioning', job);
      step(1);
      end(failed(code, 'This is why.'));
      await becomes('paused');
      expect(work.status).toMatchObject({ error: 'This is why.', losses: [{ step: 1, lm: 4 }] });
      // The reason outlives Medley.
      await work.close();
      await open();
      work.takeUp();
      expect(work.status).toMatchObject({ state: 'paused', error: 'This is why.' });
      await work.resume();
      expect(work.status).toMatchObject({ state: 'running', error: null });
      expect(started).toBe(2);
    },
  );

  it.each<ErrorCode>(['training-diverged', 'bad-request', 'checkpoint-invalid'])(
    'that meets %s has failed, and makes room for another',
    async (code) => {
      await work.start('captioning', job);
      end(failed(code, 'This is why.'));
      await becomes('failed');
      expect(work.status).toMatchObject({ error: 'This is why.', outcome: null });
      await work.resume();
      expect(started).toBe(1);
      await work.start('retrieval', job);
      expect(work.status).toMatchObject({ state: 'running', goal: 'retrieval', error: null });
    },
  );

  it('goes on by itself where it ran when Medley was closed, and not where it was paused', async () => {
    await work.start('captioning', job);
    step(1);
    step(2);
    await work.close();
    await open();
    work.takeUp();
    expect(work.status).toMatchObject({ state: 'running', photos: 1, captions: 2 });
    // After a kill steps are taken again.
    step(2);
    step(3);
    expect(work.status).toMatchObject({ losses: [{ step: 1 }, { step: 2 }, { step: 3 }] });
    await work.pause();
    await open();
    work.takeUp();
    expect(work.status?.state).toBe('paused');
    expect(started).toBe(2);
  });

  it('has its curve from the first step on after Medley was killed within a round', async () => {
    await open(0);
    await work.start('captioning', job);
    step(1);
    step(2);
    step(3);
    const steps = async () => (await readTraining(folder))?.report.losses.map((each) => each.step);
    await expect.poll(steps).toEqual([1, 2, 3]);
    const [killed, endKilled] = [work, end];
    await open(3600);
    work.takeUp();
    // Step 3 is taken again.
    step(3);
    step(4);
    expect(work.status).toMatchObject({ losses: [1, 2, 3, 4].map((each) => ({ step: each })) });
    endKilled(failed('cancelled', 'Put down.'));
    await killed.close();
  });

  it('is cancelled from its run or its pause, and leaves nothing', async () => {
    await work.start('captioning', job);
    await expect(work.start('captioning', job)).rejects.toMatchObject({ code: 'model-busy' });
    await work.cancel();
    expect(work.status).toBe(null);
    expect(existsSync(folder)).toBe(false);
    await work.start('captioning', job);
    await work.pause();
    await work.cancel();
    expect(work.status).toBe(null);
    expect(existsSync(folder)).toBe(false);
  });

  it('keeps few enough steps for a curve', async () => {
    await work.start('captioning', job);
    for (let i = 1; i <= 5000; i++) step(i);
    const { losses = [] } = work.status?.kind === 'training' ? work.status : {};
    expect(losses.length).toBeLessThanOrEqual(600);
    expect(losses.length).toBeGreaterThan(250);
    expect(losses.at(-1)?.step).toBe(5000);
  });
});
