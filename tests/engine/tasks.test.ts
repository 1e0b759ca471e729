import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { HashModel } from '../support/hash-model.ts';
import { makePhotos } from '../support/photo-folder.ts';

let folder: string;
let engine: Engine;
let told: Task[];
/** What the model waits for before it is there. */
let loading: Promise<unknown>;

async function open(): Promise<void> {
  told = [];
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: (name, data) => {
      if (name === 'tasks/changed') told = data as Task[];
    },
    loadModel: async () => {
      await loading;
      return new HashModel();
    },
  });
  engine.start();
}

beforeEach(async () => {
  loading = Promise.resolve();
  folder = await mkdtemp(join(tmpdir(), 'medley-tasks-'));
  await makePhotos(join(folder, 'photos'), 20);
  await open();
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const listed = async () => {
  const [task] = await engine.handlers['tasks/list'](null);
  return task ?? null;
};
const state = async () => (await listed())?.state;

it('lists the work on the photos as a task, which is paused, taken up and ends', async () => {
  // Until the model is there, nobody knows that there is nothing to do.
  await expect.poll(listed).toBeNull();
  await engine.handlers['library/import']({ folder: join(folder, 'photos') });
  await expect.poll(state, { interval: 5 }).toBe('running');
  const { id = '' } = (await listed()) ?? {};
  await engine.handlers['tasks/pause']({ id });
  await expect.poll(state).toBe('paused');
  expect(told).toMatchObject([{ id, kind: 'index', state: 'paused', can: { resume: true } }]);
  expect(engine.jobs.activity().state).toBe('paused');

  // Somebody who comes back sees at once why nothing goes on.
  await engine.close();
  const model = Promise.withResolvers<undefined>();
  loading = model.promise;
  await open();
  expect(await state()).toBe('paused');
  model.resolve(undefined);
  await engine.handlers['tasks/resume']({ id: (await listed())?.id ?? '' });
  await expect.poll(state).toBe('done');
  const { progress } = (await listed()) ?? {};
  expect(progress?.done).toBe(progress?.total);
  expect(told).toMatchObject([{ kind: 'index', state: 'done', endedAt: expect.any(String) }]);
});

it('stops the work on the photos', async () => {
  await engine.handlers['library/import']({ folder: join(folder, 'photos') });
  await expect.poll(state, { interval: 5 }).toBe('running');
  await engine.handlers['tasks/cancel']({ id: (await listed())?.id ?? '' });
  await expect.poll(state).toBe('cancelled');
  expect(engine.jobs.activity().state).toBe('cancelled');
});
