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
const ended = () =>
  expect.poll(async () => (await list()).downloads, { timeout: 20_000 }).toEqual([]);

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
    await engine.handlers['models/download']({ source: id });
    expect((await list()).downloads).toMatchObject([{ origin: id, error: null }]);
    await expect(engine.handlers['models/download']({ source: id })).rejects.toMatchObject({
      code: 'model-busy',
    });
    await ended();
    const progress = said('models/progress');
    expect(progress.some(({ state, done }) => state === 'fetching' && done > 0)).toBe(true);
    const total = Object.values(tinyFiles()).reduce((sum, { length }) => sum + length, 0);
    expect(progress.at(-1)).toMatchObject({ state: 'checking', done: total, total });
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
    await engine.handlers['models/download']({ source: id });
    await ended();
    const modelFolder = (await list()).models[1]?.folder ?? '';
    await engine.handlers['settings/set']({ modelFolder });
    await expect.poll(() => loaded.filter((each) => each === modelFolder)).toHaveLength(1);
    hub.put(id, { ...tinyFiles(), 'README.md': Buffer.from('# Newer') });
    await engine.handlers['models/download']({ source: id });
    await expect.poll(() => loaded.filter((each) => each === modelFolder)).toHaveLength(2);
    hub.put(id, tinyFiles());
  });

  it('stop when asked, and go on in another engine', async () => {
    hub.slow = { bytes: 20_000, pauseMs: 20 };
    await engine.handlers['models/download']({ source: id });
    await expect.poll(() => said('models/progress').at(-1)?.done ?? 0).toBeGreaterThan(60_000);
    await engine.handlers['models/cancel']({ origin: id });
    expect((await list()).downloads).toMatchObject([{ state: 'stopped', error: null }]);
    await engine.close();
    hub.slow = null;
    await open();
    const [stopped] = (await list()).downloads;
    expect(stopped).toMatchObject({ origin: id, name: 'tiny', state: 'stopped' });
    expect(stopped?.done).toBeGreaterThan(60_000);
    await engine.handlers['models/download']({ source: id });
    await ended();
    expect(await names()).toEqual(['starter', 'tiny']);
  });

  it('say why a download failed, until it is discarded', async () => {
    await engine.handlers['models/download']({ source: 'no/such' });
    await expect
      .poll(async () => (await list()).downloads)
      .toMatchObject([{ state: 'stopped', error: expect.stringContaining('404') }]);
    await engine.handlers['models/discard']({ origin: 'no/such' });
    expect((await list()).downloads).toEqual([]);
  });

  it('refuse what is neither an id nor an address at once', async () => {
    await expect(
      engine.handlers['models/download']({ source: 'file:///etc/passwd' }),
    ).rejects.toMatchObject({ code: 'bad-request' });
    expect((await list()).downloads).toEqual([]);
  });

  it('stop with the engine', async () => {
    hub.slow = { bytes: 20_000, pauseMs: 20 };
    await engine.handlers['models/download']({ source: id });
    await expect.poll(() => said('models/progress').at(-1)?.done ?? 0).toBeGreaterThan(0);
    await engine.close();
    expect(await readdir(join(folder, 'models'))).toEqual(['someone--tiny.partial']);
    await open();
  });

  it('tell how far a folder is read when it is added or checked, and stop when asked', async () => {
    const large = await largeFolder(join(folder, 'large'));
    const stopping = async (call: Promise<unknown>) => {
      heard.length = 0;
      const rejected = expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await expect.poll(() => said('models/reading').length, { interval: 1 }).toBeGreaterThan(0);
      const [reading] = (await list()).readings;
      await engine.handlers['models/stop-reading']({ folder: large });
      await rejected;
      expect((await list()).readings).toEqual([]);
      return reading;
    };
    const add = () => engine.handlers['models/add']({ folder: large });
    expect(await stopping(add())).toMatchObject({ folder: large, name: 'large', purpose: 'add' });
    expect(await names()).toEqual(['starter']);

    heard.length = 0;
    await add();
    expect(await names()).toEqual(['starter', 'large']);
    const shares = said('models/reading').map(({ share }) => share ?? 0);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    await expect.poll(() => said('models/changed').at(-1)?.readings).toEqual([]);

    const verify = () => engine.handlers['models/verify']({ name: 'large' });
    expect(await stopping(verify())).toMatchObject({ folder: large, purpose: 'check' });
    const first = verify();
    await expect.poll(async () => (await list()).readings.length, { interval: 1 }).toBe(1);
    await expect(verify()).rejects.toMatchObject({ code: 'model-busy' });
    expect(await first).toMatchObject({ roles: { matching: true } });
  });

  it('may be folders, which are checked and forgotten', async () => {
    await engine.handlers['models/add']({ folder: tinyFolder });
    expect(await names()).toEqual(['starter', 'tiny-model']);
    expect(await engine.handlers['models/verify']({ name: 'tiny-model' })).toMatchObject({
      roles: { matching: true, captioning: true },
    });
    await engine.handlers['models/remove']({ name: 'tiny-model' });
    expect(await names()).toEqual(['starter']);
    expect(await readdir(tinyFolder)).toContain('model.safetensors');
  });
});
