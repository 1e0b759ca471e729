import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { adapterFile } from '#main/med/adapter/trained-model.ts';
import { readTensorIndex } from '#main/med/formats/safetensors.ts';
import { modelsHome } from '#main/models/models-home.ts';
import { removeModel } from '#main/models/remove-model.ts';
import { addTrained } from '#main/models/trained-models.ts';
import { written } from '#main/engine/texts/text-acts.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { captionerIdOf } from '#shared/schemas/model.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { makePhotos } from '../../support/photo-folder.ts';

const tiny = resolve(import.meta.dirname, '../../fixtures/tiny-lite-model');
const count = 40;
/** How long a busy machine may take. */
const soon = { timeout: 60_000, interval: 20 };

let folder: string;
let engine: Engine;
/** Every state of the training that anybody heard of. */
const heard: Training[] = [];

type Training = Extract<Task, { kind: 'training' }>;
const isTraining = (task: Task): task is Training => task.kind === 'training';

async function open(): Promise<void> {
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    device: 'cpu',
    emit: (name, data) => {
      if (name === 'tasks/progress') heard.push(...[data as Task].filter(isTraining));
      if (name === 'tasks/changed') heard.push(...(data as Task[]).filter(isTraining));
    },
  });
}

const training = async () => (await engine.handlers['tasks/list'](null)).find(isTraining);
const reaches = async (what: (task: Training | undefined) => unknown) =>
  expect.poll(async () => what(await training()), soon);

/** As if a person wrote this text of every photo, in one act. */
async function write(text: string): Promise<void> {
  const { store } = engine;
  const acts = [...store.photos().keys()].map((photoId) =>
    written(store, { photoId, purpose: 'caption', text, replaces: null }),
  );
  await store.changeTexts(newBatch('person'), {
    captions: acts.flatMap(({ captions }) => captions),
    verdicts: acts.flatMap(({ verdicts }) => verdicts),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-library-training-'));
  vi.stubEnv('MEDLEY_MODELS', join(folder, 'models'));
  await open();
  await engine.handlers['models/add']({ folder: tiny });
  await vi.waitFor(async () => {
    expect((await engine.handlers['models/list'](null)).models).toHaveLength(2);
  }, 20_000);
  await engine.handlers['settings/set']({ modelFolder: tiny });
  await makePhotos(join(folder, 'photos'), count);
  await indexFolder(engine, join(folder, 'photos'));
}, 60_000);
afterAll(async () => {
  await engine.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

it('learns from texts that a person wrote or confirmed, and from no other', async () => {
  const data = () => engine.handlers['training/data'](null);
  const start = () => engine.handlers['training/start']({ goal: 'captioning', imageBlocks: 0 });
  const ids = [...engine.store.photos().keys()];
  // Every photo has a machine's caption by now.
  expect((await engine.store.captionsOf(ids)).size).toBe(count);
  expect(await data()).toMatchObject({
    photos: 0,
    captions: 0,
    problem: expect.any(String),
    // As many as its config.json says.
    imageBlocks: { captioning: 2, retrieval: 2 },
  });
  await expect(start()).rejects.toMatchObject({ code: 'bad-request' });
  await write('a dog runs on the beach');
  expect(await data()).toMatchObject({ written: count, problem: expect.stringMatching(/same/) });
  await write('a dog sits on the red sofa');
  const [machine] = ((await engine.store.captionsOf(ids)).get(ids[0]) ?? []).filter(
    ({ origin }) => origin === 'machine',
  );
  await engine.handlers['captions/decide']({
    photoId: ids[0],
    captionId: machine?.id ?? '',
    verdict: 'confirmed',
  });
  expect(await data()).toMatchObject({
    photos: count,
    written: 2 * count,
    confirmed: 1,
    captions: 2 * count + 1,
    problem: null,
  });
});

it('trains, is paused, goes on after a restart, and keeps aside what is not better', async () => {
  const used = engine.handlers['model/status'];
  const before = (await used(null)).model;
  await engine.handlers['training/start']({ goal: 'captioning', imageBlocks: 1 });
  await expect(
    engine.handlers['training/start']({ goal: 'retrieval', imageBlocks: 0 }),
  ).rejects.toMatchObject({ code: 'model-busy' });
  await (await reaches((task) => task?.losses.length)).toBeGreaterThan(0);
  const { id = '' } = (await training()) ?? {};
  await engine.handlers['tasks/pause']({ id });
  await (await reaches((task) => task?.state)).toBe('paused');
  const paused = await training();
  expect(paused).toMatchObject({ photos: count, captions: 2 * count + 1 });
  await engine.close();
  await open();
  engine.start();
  expect(await training()).toMatchObject({
    state: 'paused',
    imageBlocks: 1,
    losses: paused?.losses,
    can: { resume: true, cancel: true },
  });
  // What is written, deleted or written into meanwhile is no matter of this training.
  await write('a dog by the sea');
  const [gone, changed] = [...engine.store.photos().values()].flatMap(
    ({ pictureId }) => engine.store.pathOfPicture(pictureId) ?? [],
  );
  await rm(gone);
  await appendFile(changed, 'something behind the picture');
  await engine.handlers['tasks/resume']({ id: (await training())?.id ?? '' });
  await (await reaches((task) => task?.state)).toBe('done');

  const done = await training();
  // What was taken again after the pause is not told twice.
  const steps = done?.losses.map(({ step }) => step) ?? [];
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  // None is left to take where the pause came when training had ended.
  expect(steps.length).toBeGreaterThanOrEqual(paused?.losses.length ?? 0);
  expect(done?.epochs.map(({ epoch }) => epoch)).toEqual(
    Array.from({ length: done?.epochs.length ?? 0 }, (_, i) => i),
  );
  // Others may pass between two looks: it is a small model.
  expect(heard.map(({ stage }) => stage)).toContain('comparison');
  expect(done?.outcome).toMatchObject({
    model: 'tiny-lite-model-captions',
    learntFrom: 28,
    comparedOn: 8,
    scores: expect.arrayContaining([expect.objectContaining({ measure: 'CIDEr-D' })]),
  });
  // With so little there is nothing to be sure of: it is listed, and not used.
  expect(done?.outcome?.better).toBe(false);
  expect((await used(null)).model?.id).toBe(before?.id);
  const { models } = await engine.handlers['models/list'](null);
  expect(models.at(-1)).toMatchObject({
    name: 'tiny-lite-model-captions',
    source: 'trained',
    facts: { roles: { matching: false, captioning: true } },
    trained: {
      ...{ base: 'tiny-lite-model', better: false, photos: count },
      taught: { objective: 'captioning', trainable: 'lora', imageBlocks: 1 },
    },
  });
  const tensors = await readTensorIndex(join(models.at(-1)?.folder ?? '', adapterFile));
  const blocks = [...tensors.keys()].flatMap((tensor) =>
    [...tensor.matchAll(/^vision_model\D+(\d+)\./g)].map(([, block]) => block),
  );
  expect(new Set(blocks)).toEqual(new Set(['1']));
  await engine.handlers['tasks/dismiss']({ id: done?.id ?? '' });
  await (await reaches((task) => task)).toBe(undefined);
  expect(await readdir(join(folder, 'library'))).not.toContain('training');
});

it('gives a model that is used for captions alone, copied out and taken in again, and removed', async () => {
  const name = 'tiny-lite-model-captions';
  const listed = async () => (await engine.handlers['models/list'](null)).models;
  const { folder: modelFolder = '' } = (await listed()).find((each) => each.name === name) ?? {};
  const before = (await engine.handlers['model/status'](null)).model;
  await engine.handlers['settings/set']({ captionerFolder: modelFolder });
  await expect
    .poll(async () => (await engine.handlers['model/status'](null)).model?.captioner?.folder, soon)
    .toBe(modelFolder);
  const model = (await engine.handlers['model/status'](null)).model;
  // Photos are found by the vectors that they have.
  expect(model?.imageId).toBe(before?.imageId);
  expect(model && captionerIdOf(model)).not.toBe(before?.id);
  await expect(engine.handlers['models/remove']({ name })).rejects.toMatchObject({
    code: 'model-busy',
  });
  const home = modelsHome(join(folder, 'models'), '/nowhere');
  await expect(removeModel(home, 'tiny-lite-model')).rejects.toMatchObject({
    message: expect.stringContaining(`${name} was trained on`),
  });

  const { file } = await engine.handlers['models/export']({ name, folder });
  await expect(
    engine.handlers['models/export']({ name: 'tiny-lite-model', folder }),
  ).rejects.toMatchObject({ code: 'bad-request' });
  await engine.handlers['settings/set']({ captionerFolder: null });
  await expect
    .poll(async () => (await engine.handlers['model/status'](null)).model?.captioner, soon)
    .toBe(null);
  await engine.handlers['models/remove']({ name });
  expect((await listed()).map((each) => each.name)).not.toContain(name);
  await engine.handlers['models/add']({ folder });
  await expect.poll(async () => (await listed()).map((each) => each.name), soon).toContain(name);

  const damaged = join(folder, 'a damaged one.safetensors');
  await writeFile(damaged, (await readFile(file)).subarray(0, 60));
  await engine.handlers['models/remove']({ name });
  await engine.handlers['models/add']({ folder });
  const failed = async () =>
    (await engine.handlers['tasks/list'](null)).find(({ state }) => state === 'failed');
  await expect.poll(async () => (await failed())?.error, soon).toContain(damaged);
  expect((await listed()).map((each) => each.name)).toContain(name);

  const other = modelsHome(join(folder, 'other models'), tiny.replace('-lite', ''));
  await expect(addTrained(other, file)).rejects.toMatchObject({
    code: 'checkpoint-invalid',
    message: expect.stringContaining(before?.id ?? ''),
  });
  await expect(addTrained(other, join(tiny, 'model.safetensors'))).rejects.toMatchObject({
    code: 'checkpoint-invalid',
  });
});
