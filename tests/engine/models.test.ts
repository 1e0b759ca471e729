import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventName, EventOf } from '#shared/api.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { FakeHub } from '../support/fake-hub.ts';
import { HashModel } from '../support/hash-model.ts';
import { largeFolder } from '../support/large-folder.ts';
import { tinyFiles } from '../support/tiny-files.ts';

const id = 'someone/tiny';
const tinyFolder = join(import.meta.dirname, '../fixtures/tiny-model');
let hub: FakeHub;
let folder: string;
let engine: Engine;
let loaded: string[];
let heard: { name: EventName; data: unknown }[];

async function open(): Promise<void> {
  heard = [];
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: (name, data) => heard.push({ name, data }),
    loadModel: async (choice) => {
      loaded.push(choice.folder);
      return new HashModel();
    },
  });
}

const said = <E extends EventName>(name: E): EventOf<E>[] =>
  heard.filter((event) => event.name === name).map(({ data }) => data as EventOf<E>);
const list = () => engine.handlers['models/list'](null);
const names = async () => (await list()).models.map(({ name }) => name);
const tasks = () => engine.handlers['tasks/list'](null);
const task = async (id: string) => (await tasks()).find((each) => each.id === id);
const download = (source = id) => engine.handlers['models/download']({ source });
/** How a task went, once it has ended. */
const end = async (started: Promise<string>) => {
  const taskId = await started;
  const state = async () => (await task(taskId))?.state;
  await expect.poll(state, { interval: 20 }).not.toBe('running');
  return task(taskId);
};
const bytesFetched = () => said('tasks/progress').at(-1)?.progress.done ?? 0;

beforeAll(async () => {
  hub = await FakeHub.start();
  hub.put(id, tinyFiles());
});
afterAll(() => hub.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-models-'));
  vi.stubEnv('MEDLEY_MODELS', join(folder, 'models'));
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  vi.stubEnv('HF_TOKEN', '');
  hub.slow = null;
  hub.faults.clear();
  loaded = [];
  await open();
});
afterEach(async () => {
  await engine.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('the models of the engine', () => {
  it('come by download, with its progress, and can be used and removed', async () => {
    // Longer than the pause between two reports.
    hub.slow = { bytes: 10_000, pauseMs: 20 };
    const started = await download();
    expect(await task(started)).toMatchObject({
      kind: 'model-download',
      subject: id,
      name: 'tiny',
      state: 'running',
      can: { cancel: true, dismiss: false },
    });
    await expect(download()).rejects.toMatchObject({ code: 'model-busy' });
    expect(await end(Promise.resolve(started))).toMatchObject({
      state: 'done',
      error: null,
      endedAt: expect.any(String),
      can: { cancel: false, dismiss: true },
    });
    const progress = said('tasks/progress');
    const fetched = progress.filter(
      (now) => now.kind === 'model-download' && now.progress.done > 0,
    );
    expect(fetched[0]).toMatchObject({ phase: 'fetching' });
    const total = Object.values(tinyFiles()).reduce((sum, { length }) => sum + length, 0);
    expect(progress.at(-1)).toMatchObject({
      phase: 'checking',
      progress: { done: total, total, unit: 'bytes' },
    });
    // Everybody has heard of the model when its download ends.
    const last = (name: EventName) => heard.findLastIndex((event) => event.name === name);
    expect(last('models/changed')).toBeLessThan(last('tasks/changed'));
    expect(said('models/changed').at(-1)?.models).toMatchObject([
      { name: 'starter' },
      { name: 'tiny', origin: id },
    ]);

    const model = (await list()).models[1];
    await engine.handlers['settings/set']({ modelFolder: model?.folder ?? '' });
    await expect.poll(() => loaded.at(-1)).toBe(model?.folder);
    await expect(engine.handlers['models/remove']({ name: 'tiny' })).rejects.toMatchObject({
      code: 'model-busy',
    });
    await engine.handlers['settings/set']({ modelFolder: null });
    await engine.handlers['models/remove']({ name: 'tiny' });
    expect(await names()).toEqual(['starter']);
    expect(await readdir(join(folder, 'models'))).toEqual(['models.json']);
  });

  it('are loaded again when a download replaces the one in use', async () => {
    await end(download());
    const modelFolder = (await list()).models[1]?.folder ?? '';
    await engine.handlers['settings/set']({ modelFolder });
    await expect.poll(() => loaded.filter((each) => each === modelFolder)).toHaveLength(1);
    hub.put(id, { ...tinyFiles(), 'README.md': Buffer.from('# Newer') });
    await download();
    await expect.poll(() => loaded.filter((each) => each === modelFolder)).toHaveLength(2);
    hub.put(id, tinyFiles());
  });

  it('stop when asked, and go on in another engine', async () => {
    hub.slow = { bytes: 20_000, pauseMs: 20 };
    const started = await download();
    await expect.poll(bytesFetched).toBeGreaterThan(60_000);
    await engine.handlers['tasks/cancel']({ id: started });
    expect(await task(started)).toMatchObject({ state: 'cancelled', error: null });
    await engine.close();
    hub.slow = null;
    await open();
    expect(await tasks()).toEqual([]);
    const [stopped] = (await list()).downloads;
    expect(stopped).toMatchObject({ origin: id, name: 'tiny' });
    expect(stopped?.done).toBeGreaterThan(60_000);
    expect(await end(download())).toMatchObject({ state: 'done' });
    expect((await list()).downloads).toEqual([]);
    expect(await names()).toEqual(['starter', 'tiny']);
  });

  it('say why a download failed, until it is dismissed, discarded or tried again', async () => {
    const failed = { state: 'failed', error: expect.stringContaining('404') };
    const first = await end(download('no/such'));
    expect(first).toMatchObject(failed);
    await engine.handlers['tasks/dismiss']({ id: first?.id ?? '' });
    expect(await tasks()).toEqual([]);
    expect(said('tasks/changed').at(-1)).toEqual([]);

    await end(download('no/such'));
    expect(await end(download('no/such'))).toMatchObject(failed);
    expect(await tasks()).toHaveLength(1);
    await engine.handlers['models/discard']({ origin: 'no/such' });
    expect(await tasks()).toEqual([]);
    expect((await list()).downloads).toEqual([]);
  });

  it('refuse what is neither an id nor an address, and folders that are none, at once', async () => {
    await expect(download('file:///etc/passwd')).rejects.toMatchObject({ code: 'bad-request' });
    const nowhere = join(folder, 'nowhere');
    await expect(engine.handlers['models/add']({ folder: nowhere })).rejects.toMatchObject({
      code: 'folder-missing',
    });
    await expect(engine.handlers['models/verify']({ name: 'nobody' })).rejects.toMatchObject({
      code: 'model-unknown',
    });
    expect(await tasks()).toEqual([]);
  });

  it('stop with the engine', async () => {
    hub.slow = { bytes: 20_000, pauseMs: 20 };
    await download();
    await expect.poll(bytesFetched).toBeGreaterThan(0);
    await engine.close();
    expect(await readdir(join(folder, 'models'))).toEqual(['someone--tiny.partial']);
    await open();
  });

  it('tell how far a folder is read when it is added or checked, and stop when asked', async () => {
    const large = await largeFolder(join(folder, 'large'));
    const stopping = async (started: Promise<string>) => {
      heard.length = 0;
      const taskId = await started;
      await expect.poll(() => said('tasks/progress').length, { interval: 1 }).toBeGreaterThan(0);
      const reading = await task(taskId);
      await engine.handlers['tasks/cancel']({ id: taskId });
      expect(await task(taskId)).toMatchObject({ state: 'cancelled', error: null });
      return reading;
    };
    const add = () => engine.handlers['models/add']({ folder: large });
    expect(await stopping(add())).toMatchObject({
      kind: 'model-add',
      subject: large,
      name: 'large',
      state: 'running',
    });
    expect(await names()).toEqual(['starter']);

    heard.length = 0;
    expect(await end(add())).toMatchObject({ state: 'done' });
    expect(await names()).toEqual(['starter', 'large']);
    const shares = said('tasks/progress').map(
      ({ progress: { done, total } }) => done / (total ?? 1),
    );
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);

    const verify = () => engine.handlers['models/verify']({ name: 'large' });
    expect(await stopping(verify())).toMatchObject({ kind: 'model-verify', subject: large });
    const first = verify();
    await first;
    await expect(verify()).rejects.toMatchObject({ code: 'model-busy' });
    await expect(add()).rejects.toMatchObject({ code: 'model-busy' });
    expect(await end(first)).toMatchObject({ state: 'done' });
  });

  it('may be folders, which are checked and forgotten', async () => {
    await end(engine.handlers['models/add']({ folder: tinyFolder }));
    expect(await names()).toEqual(['starter', 'tiny-model']);
    expect(await end(engine.handlers['models/verify']({ name: 'tiny-model' }))).toMatchObject({
      state: 'done',
    });
    await engine.handlers['models/remove']({ name: 'tiny-model' });
    expect(await names()).toEqual(['starter']);
    expect(await readdir(tinyFolder)).toContain('model.safetensors');
  });
});
