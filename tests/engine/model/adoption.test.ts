import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { CombinedModel } from '#main/med/model/combined-model.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { HashModel } from '../../support/hash-model.ts';
import { makePhotos } from '../../support/photo-folder.ts';

const count = 12;
/** How long a busy machine may take. */
const soon = { interval: 20 };

/** Each batch of its photos waits until the test lets it pass. */
class HeldModel extends HashModel {
  waiting: (() => void)[] = [];
  open = false;

  override async embedImages(pixels: Parameters<HashModel['embedImages']>[0]) {
    if (!this.open) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return super.embedImages(pixels);
  }

  letPass(): void {
    this.open = true;
    for (const pass of this.waiting.splice(0)) pass();
  }
}

/** A model trained from another, which it shares the vectors of photos with. */
class TextTuned extends HashModel {
  constructor(base: HashModel) {
    super('tuned');
    this.info.imageId = base.info.imageId;
  }
}

let folder: string;
let engine: Engine;
let first: HashModel;
let held: HeldModel;
let tuned: TextTuned;

function load(path: string): HashModel {
  const model = { '/held': held, '/tuned': tuned }[path] ?? first;
  if (path === '/broken') throw new MedleyError('checkpoint-invalid', 'It is broken.');
  model.disposed = false;
  return model;
}

async function open(): Promise<void> {
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: () => {},
    loadModel: async ({ folder: matching, captionerFolder }): Promise<MedModel> => {
      if (captionerFolder === undefined) return load(matching);
      const parts = { matching: load(matching), captioning: load(captionerFolder) };
      return new CombinedModel({ ...parts, preparesAlike: true, sharesEncoder: true });
    },
  });
  await engine.model();
}

const settings = () => engine.handlers['settings/get'](null);
const choose = (modelFolder: string | null, captionerFolder: string | null = null) =>
  engine.handlers['settings/set']({ modelFolder, captionerFolder });
const task = async (): Promise<Task | undefined> =>
  (await engine.handlers['tasks/list'](null)).find(({ kind }) => kind === 'adoption');
const settled = () => expect.poll(async () => (await task())?.state, soon).not.toBe('running');
const inUse = async () => (await engine.handlers['model/status'](null)).model;
/** How many photos a search finds among all, and by which model. */
async function found(): Promise<number> {
  const query = { kind: 'text', text: 'a dog' } as const;
  const { results } = await engine.handlers['search/run']({
    query,
    limit: 60,
    shortlist: 64,
    sort: 'relevance',
  });
  return results.length;
}
const vectorsOf = async ({ info }: HashModel) =>
  (await engine.store.vectors(info.imageId, info.embeddingSize)).pictureIds().size;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-adoption-'));
  vi.stubEnv('MEDLEY_MODELS', join(folder, 'models'));
  first = new HashModel('first');
  held = new HeldModel('held');
  tuned = new TextTuned(first);
  await open();
  await makePhotos(join(folder, 'photos'), count);
  await indexFolder(engine, join(folder, 'photos'));
});
afterEach(async () => {
  held.letPass();
  await engine.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('another model', () => {
  it('takes over once it has looked at every photo, while search goes on with the one before', async () => {
    await choose('/held');
    await expect.poll(() => held.waiting.length, soon).toBeGreaterThan(0);
    expect(await settings()).toMatchObject({
      modelFolder: null,
      adopting: { modelFolder: '/held' },
      previous: null,
    });
    expect((await inUse())?.name).toBe('first');
    expect(await vectorsOf(held)).toBe(0);
    // A search waits for the batch under way, and not for the change.
    const search = found();
    held.letPass();
    expect(await search).toBe(count);
    await settled();
    expect((await inUse())?.name).toBe('held');
    expect(await vectorsOf(held)).toBe(count);
    expect(await vectorsOf(first)).toBe(count);
    expect(first.disposed).toBe(true);
    expect(await found()).toBe(count);
    expect(await settings()).toMatchObject({
      modelFolder: '/held',
      adopting: null,
      previous: { modelFolder: null, captionerFolder: null },
    });
  });

  it('is gone back from at once: the vectors before are there still', async () => {
    // The captions of the model between are scored later.
    await engine.handlers['activity/pause'](null);
    const encoded = first.encoded;
    held.letPass();
    await choose('/held');
    await settled();
    const { previous } = await settings();
    await choose(previous?.modelFolder ?? null, previous?.captionerFolder ?? null);
    await settled();
    expect((await inUse())?.name).toBe('first');
    expect(first.encoded).toBe(encoded);
    expect(await found()).toBe(count);
    expect((await settings()).previous).toEqual({ modelFolder: '/held', captionerFolder: null });
  });

  it('goes on after a restart, and photos that came meanwhile are looked at too', async () => {
    await choose('/held');
    await expect.poll(() => held.waiting.length, soon).toBeGreaterThan(0);
    const closing = engine.close();
    held.letPass();
    await closing;
    held = new HeldModel('held');
    await open();
    expect((await inUse())?.name).toBe('first');
    await expect.poll(() => held.waiting.length, soon).toBeGreaterThan(0);
    await makePhotos(join(folder, 'more'), 3, 2);
    const indexing = indexFolder(engine, join(folder, 'more'));
    held.letPass();
    await indexing;
    await settled();
    expect((await inUse())?.name).toBe('held');
    expect(await vectorsOf(held)).toBe(count + 3);
  });

  it('that is stopped on its way, or is broken, leaves the one in use as it is', async () => {
    await choose('/held');
    await expect.poll(() => held.waiting.length, soon).toBeGreaterThan(0);
    const stopping = engine.handlers['tasks/cancel']({ id: (await task())?.id ?? '' });
    held.letPass();
    await stopping;
    expect(await settings()).toMatchObject({ modelFolder: null, adopting: null, previous: null });
    expect(held.disposed).toBe(true);
    await choose('/broken');
    await settled();
    expect(await task()).toMatchObject({ state: 'failed', error: 'It is broken.' });
    expect(await settings()).toMatchObject({ modelFolder: null, adopting: null });
    expect((await inUse())?.name).toBe('first');
    expect(await found()).toBe(count);
  });

  it('that makes the same vectors of photos looks at none again', async () => {
    const before = first.encoded;
    await choose('/tuned');
    await settled();
    expect((await inUse())?.name).toBe('tuned');
    expect(await found()).toBe(count);
    expect(await vectorsOf(tuned)).toBe(count);
    expect(await engine.store.picturesWithVectors()).toHaveProperty('size', 1);
    // With a captioner of its own the image encoder that both share is run once, for captions alone.
    await choose('/tuned', '/held');
    held.letPass();
    await settled();
    expect(await inUse()).toMatchObject({ name: 'tuned + held', captioner: { name: 'held' } });
    expect(held.encoded).toBe(0);
    expect(first.encoded).toBe(before);
  });
});
