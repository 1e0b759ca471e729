import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { starterModelFolder } from '#main/engine/settings/starter-model.ts';
import { addFolder } from '#main/models/add-folder.ts';
import { findModelFolder } from '#main/models/find-model.ts';
import { cachedSnapshot } from '#main/models/hub-cache.ts';
import { listModels, totalsOf } from '#main/models/list-models.ts';
import { modelDetail } from '#main/models/model-detail.ts';
import { modelsHome, type ModelsHome } from '#main/models/models-home.ts';
import { removeModel } from '#main/models/remove-model.ts';
import { verifyModel } from '#main/models/verify-model.ts';
import { tinyFiles } from '../support/tiny-files.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

let home: ModelsHome;
let folder: string;

beforeEach(() => {
  home = modelsHome(join(temporaryFolder(), 'models'), starterModelFolder());
  folder = join(temporaryFolder(), 'tiny');
  mkdirSync(folder);
  for (const [name, body] of Object.entries(tinyFiles())) writeFileSync(join(folder, name), body);
});

const verify = (name: string) =>
  verifyModel(home, name, { signal: new AbortController().signal, onProgress: () => {} });
const find = (given: string) => findModelFolder(home, given, (path) => resolve('/elsewhere', path));

it('the bytes of a model are not known while those of one file are not', () => {
  const known = { done: 5, total: 10 };
  expect(totalsOf([known, known])).toEqual({ done: 10, total: 20 });
  expect(totalsOf([known, { done: 3, total: null }])).toEqual({ done: 8, total: null });
  expect(totalsOf([])).toEqual({ done: 0, total: null });
});

describe('the list', () => {
  it('holds the model that ships with Medley, without being asked', async () => {
    const { models, downloads } = await listModels(home);
    expect(models).toMatchObject([
      { name: 'starter', source: 'starter', problem: null, folder: home.starterFolder },
    ]);
    expect(models[0]?.facts.roles).toEqual({ matching: true, captioning: true });
    expect(downloads).toEqual([]);
  });

  it('keeps what was added, in a file of its own', async () => {
    const added = await addFolder(home, folder);
    expect(added).toMatchObject({ name: 'tiny', folder, source: 'folder', origin: null });
    const again = modelsHome(home.folder, home.starterFolder);
    expect(await again.registry.read()).toEqual([added]);
    expect(readdirSync(home.folder)).toEqual(['models.json']);
  });

  it('takes note of a folder that is added again, under the same name', async () => {
    await addFolder(home, folder, { name: 'mine' });
    writeFileSync(join(folder, 'vocab.txt'), `${readFileSync(join(folder, 'vocab.txt'))}\n`);
    expect((await listModels(home)).models[1]?.problem).toMatch(/vocab\.txt has changed/);
    const again = await addFolder(home, folder);
    expect(await home.registry.read()).toEqual([again]);
    expect(again.name).toBe('mine');
    expect((await listModels(home)).models[1]?.problem).toBeNull();
  });

  it('gives folders of one name different ones, and none the name of the starter', async () => {
    const names: string[] = [];
    for (const parent of ['a', 'b']) {
      const copy = join(temporaryFolder(), parent, 'starter');
      cpSync(folder, copy, { recursive: true });
      names.push((await addFolder(home, copy)).name);
    }
    expect(names).toEqual(['starter-2', 'starter-3']);
  });

  it('holds no folder that is no model', async () => {
    const empty = temporaryFolder();
    await expect(addFolder(home, empty)).rejects.toMatchObject({ code: 'file-missing' });
    await expect(addFolder(home, '/nowhere')).rejects.toMatchObject({ code: 'folder-missing' });
    await expect(addFolder(home, join(folder, 'vocab.txt'))).rejects.toMatchObject({
      code: 'folder-missing',
      message: expect.stringContaining('is a file'),
    });
    writeFileSync(join(folder, 'model.safetensors'), 'nonsense');
    await expect(addFolder(home, folder)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    expect(await home.registry.read()).toEqual([]);
  });

  it('says what is missing of a model', async () => {
    await addFolder(home, folder);
    writeFileSync(join(folder, 'model.safetensors'), '');
    expect((await listModels(home)).models[1]?.problem).toMatch(/model\.safetensors has changed/);
  });

  it('is not begun anew when its file is damaged', async () => {
    await addFolder(home, folder);
    writeFileSync(join(home.folder, 'models.json'), '{"models": [');
    await expect(listModels(home)).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(addFolder(home, folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('survives many changes at once', async () => {
    const names = await Promise.all(
      Array.from({ length: 6 }, (_, at) => {
        const copy = join(temporaryFolder(), `copy${at}`);
        cpSync(folder, copy, { recursive: true });
        return addFolder(modelsHome(home.folder, home.starterFolder), copy);
      }),
    );
    expect((await home.registry.read()).map(({ name }) => name).sort()).toEqual(
      names.map(({ name }) => name).sort(),
    );
  });
});

describe('a model is meant', () => {
  it('by its name, its folder, or not at all', async () => {
    await addFolder(home, folder);
    expect(await find('starter')).toBe(home.starterFolder);
    expect(await find('tiny')).toBe(folder);
    expect(await find(folder)).toBe(folder);
    expect(await find('./tiny')).toBe('/elsewhere/tiny');
    await expect(find('someone/tiny')).rejects.toMatchObject({
      code: 'model-unknown',
      message: expect.stringContaining('medley model download someone/tiny'),
    });
  });

  it("by its id in the cache of Hugging Face's own tools", async () => {
    const cache = temporaryFolder();
    const commit = 'a1'.repeat(20);
    const model = join(cache, 'models--someone--tiny');
    const snapshot = join(model, 'snapshots', commit);
    mkdirSync(join(model, 'refs'), { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(model, 'refs', 'main'), commit);
    for (const name of readdirSync(folder)) symlinkSync(join(folder, name), join(snapshot, name));
    expect(await cachedSnapshot('someone/tiny', { HF_HUB_CACHE: cache })).toBe(snapshot);
    expect(await cachedSnapshot('someone/other', { HF_HUB_CACHE: cache })).toBeNull();
    expect(await cachedSnapshot('../tiny', { HF_HUB_CACHE: cache })).toBeNull();
    await addFolder(home, snapshot, { name: 'cached' });
    expect(await verify('cached')).toMatchObject({ imageSize: expect.any(Number) });
  });
});

describe('verifying', () => {
  it('opens a model that is as it was added', async () => {
    const { facts } = await addFolder(home, folder);
    expect(await verify('tiny')).toEqual(facts);
    expect((await verify('starter')).roles.matching).toBe(true);
  });

  it('finds one bit that changed', async () => {
    await addFolder(home, folder);
    const path = join(folder, 'model.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect((await listModels(home)).models[1]?.problem).toBeNull();
    await expect(verify('tiny')).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      subject: path,
      message: expect.stringMatching(/is damaged: its SHA-256 is \w{64}/),
    });
  });

  it.each(['adding', 'verifying'])(
    'reads all files once and the weights again, and tells how far it is, when %s',
    async (what) => {
      const { files } = await addFolder(home, folder);
      const seen: [number, number][] = [];
      const onProgress = (done: number, total: number) => seen.push([done, total]);
      if (what === 'adding') await addFolder(home, folder, { onProgress });
      else await verifyModel(home, 'tiny', { onProgress });
      const sizes = files.map(({ name, size }) => (name === 'model.safetensors' ? 2 : 1) * size);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      expect(seen.at(-1)).toEqual([total, total]);
      expect(seen.length).toBeGreaterThan(files.length);
    },
  );

  it('names a model that is not listed', async () => {
    await expect(verify('nobody')).rejects.toMatchObject({ code: 'model-unknown' });
  });
});

describe('removing', () => {
  it("forgets a person's own folder and leaves it", async () => {
    await addFolder(home, folder);
    const before = readdirSync(folder);
    await removeModel(home, 'tiny');
    expect(await home.registry.read()).toEqual([]);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('deletes nothing outside of its own folder, whatever the list says', async () => {
    const entry = await addFolder(home, folder);
    await home.registry.put(
      () => true,
      () => ({ ...entry, source: 'hub', origin: 'someone/tiny' }),
    );
    await removeModel(home, 'tiny');
    expect(readdirSync(folder)).toContain('model.safetensors');
  });
});

it('tells everything about a model, with the first words of its card', async () => {
  await addFolder(home, folder);
  expect(await modelDetail(home, 'tiny')).toMatchObject({
    name: basename(folder),
    license: 'bsd-3-clause',
    cardStart: ['# Tiny', 'For tests.'],
    files: expect.arrayContaining([{ name: 'vocab.txt', size: expect.any(Number) }]),
  });
  expect((await modelDetail(home, 'starter')).cardStart[0]).toBe('# Medley starter model');
});
