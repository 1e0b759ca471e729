import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { listAssets } from '#main/store/list-assets.ts';
import { repairLibrary } from '#main/store/repair-library.ts';
import { openStore } from '#main/store/store.ts';
import { collect } from '../library/pictures.ts';
import { fillStore, hash, importOf, precious, smallLibrary, write } from './small-library.ts';
import { temporaryFolder } from './temporary-folder.ts';

const master = mkdtempSync(join(tmpdir(), 'medley-repair-'));
let assetIds: string[] = [];

beforeAll(async () => {
  assetIds = await smallLibrary(master);
  return () => rmSync(master, { recursive: true });
});

const written = ['0: grandmother at the sea', '1: said of 1 (confirmed)'];
const names = ['assets', 'contents', 'files', 'observations', 'captions', 'scores'];
const tables = [...names, 'verdicts', 'failures', 'journal', 'vectors_starter_1'];

/** The files of a table that hold its rows. */
function dataOf(library: string, table: string): string[] {
  const database = join(library, 'database');
  const folder = readdirSync(database).find((name) => name.startsWith(table)) ?? '';
  const data = join(database, folder, 'data');
  return readdirSync(data).map((name) => join(data, name));
}

function copyOfLibrary(): string {
  const folder = temporaryFolder();
  cpSync(master, folder, { recursive: true });
  return folder;
}

/** Imports the photos as they lie on disk, as the walk after a repair does. */
async function importAgain(library: string) {
  const store = await openStore(library);
  const photos = Array.from({ length: 11 }, (_, n) => importOf(n + 1));
  await fillStore(store, [importOf(0, 'content 0, edited'), ...photos]);
  return store;
}

test.each(tables)('a library with a damaged table of %s is whole again', async (table) => {
  const library = copyOfLibrary();
  for (const file of dataOf(library, table)) truncateSync(file, 20);
  const report = await repairLibrary(library);
  expect(report.rebuilt).toEqual([expect.stringContaining(table)]);
  expect(report.kept).toHaveLength(tables.length - 1);
  expect(readdirSync(report.damagedFolder ?? '')).toEqual([expect.stringContaining(table)]);
  const store = await importAgain(library);
  expect([...store.photos().keys()].sort()).toEqual([...assetIds].sort());
  expect(await precious(store, assetIds)).toEqual(written);
  const assets = await collect(listAssets(store));
  expect(assets.map(({ captions, vectors }) => [captions.length > 1, vectors])).toEqual(
    assetIds.map(() => [true, ['starter@1']]),
  );
  await store.close();
});

test('a damaged table of words is made again', async () => {
  const library = copyOfLibrary();
  for (const file of dataOf(library, 'words')) truncateSync(file, 20);
  const report = await repairLibrary(library);
  expect(report.rebuilt).toEqual(['words: made again']);
  const store = await openStore(library);
  const words = await store.words.table();
  const texts = (await words?.all())?.flatMap(({ texts }) => texts.map(({ text }) => text));
  expect(texts).toContain('grandmother at the sea');
  expect(texts).toContain('said of 7');
  await store.close();
});

test('what a person made survives the loss of the whole database', async () => {
  const library = copyOfLibrary();
  rmSync(join(library, 'database'), { recursive: true });
  const report = await repairLibrary(library);
  expect(report.restored).toEqual([expect.stringMatching(/^3 captions and decisions/)]);
  const store = await importAgain(library);
  expect(await precious(store, assetIds)).toEqual(written);
  // The first photo was edited: by its earlier content it is known as what it was.
  expect(store.photos().has(assetIds[0])).toBe(true);
  await store.close();
});

test('a photo imported anew before the repair gets its captions back under its new id', async () => {
  const library = copyOfLibrary();
  rmSync(join(library, 'database'), { recursive: true });
  await (await importAgain(library)).close();
  await repairLibrary(library);
  const store = await openStore(library);
  const edited = hash('content 0, edited');
  expect(await precious(store, [edited])).toEqual(['0: grandmother at the sea']);
  await store.close();
});

test('decisions that the database lost stay in their file', async () => {
  const library = copyOfLibrary();
  rmSync(join(library, 'database'), { recursive: true });
  const store = await importAgain(library);
  await write(store, assetIds[5], 'a dog');
  await store.close();
  const kept = readFileSync(join(library, 'decisions.jsonl'), 'utf8');
  expect(kept).toContain('grandmother at the sea');
  expect(kept).toContain('a dog');
});

test('a change of a person is in the file of decisions as soon as it is made', async () => {
  const store = await openStore(copyOfLibrary());
  await write(store, assetIds[7], 'two boats');
  expect(readFileSync(store.paths.decisions, 'utf8')).toContain('two boats');
  await store.close();
});

/** The manifests of a library whose process was killed after it wrote a caption, newest first. */
async function killedAfterWriting(library: string, text: string): Promise<string[]> {
  const store = await openStore(library);
  await write(store, assetIds[3], text);
  rmSync(join(library, 'library.lock'));
  const versions = join(library, 'database', 'captions.lance', '_versions');
  const manifests = readdirSync(versions).filter((name) => name.endsWith('.manifest'));
  return manifests.sort().map((name) => join(versions, name));
}

test('rows that can be read are kept of a table that has damaged ones', async () => {
  const library = copyOfLibrary();
  const before = dataOf(library, 'captions');
  const [, ...older] = await killedAfterWriting(library, 'a later caption');
  for (const manifest of older) rmSync(manifest);
  const [added] = dataOf(library, 'captions').filter((file) => !before.includes(file));
  truncateSync(added, 10);
  const report = await repairLibrary(library);
  expect(report.kept).toContainEqual(expect.stringMatching(/^26 rows of captions, all that could/));
  expect(report.restored).toEqual(['1 captions and decisions of yours']);
});

test('an earlier version is taken where the newest cannot be opened', async () => {
  const library = copyOfLibrary();
  const [newest, ...older] = await killedAfterWriting(library, 'a later caption');
  expect(older).not.toEqual([]);
  truncateSync(newest, 10);
  const report = await repairLibrary(library);
  expect(report.kept).toContainEqual(expect.stringMatching(/^26 rows of captions, all that could/));
  expect(report.restored).toEqual(['1 captions and decisions of yours']);
});

test('a sound library is left as it is', async () => {
  const library = copyOfLibrary();
  const report = await repairLibrary(library);
  expect(report).toMatchObject({ rebuilt: [], restored: [], damagedFolder: null });
  expect(readdirSync(library).sort()).toEqual(['database', 'decisions.jsonl', 'library.json']);
});

test('a file in the place of the database makes room for one', async () => {
  const library = copyOfLibrary();
  rmSync(join(library, 'database'), { recursive: true });
  writeFileSync(join(library, 'database'), 'something else');
  await expect(openStore(library)).rejects.toMatchObject({
    code: 'library-damaged',
    message: expect.stringMatching(/is no folder of tables.*medley repair/),
  });
  const { damagedFolder } = await repairLibrary(library);
  expect(readFileSync(join(damagedFolder ?? '', 'database'), 'utf8')).toBe('something else');
  const store = await importAgain(library);
  expect(await precious(store, assetIds)).toEqual(written);
  await store.close();
});

test('a damaged library.json is written anew', async () => {
  const library = copyOfLibrary();
  writeFileSync(join(library, 'library.json'), '{"sch');
  const report = await repairLibrary(library);
  expect(readdirSync(report.damagedFolder ?? '')).toEqual(['library.json']);
  const store = await openStore(library);
  expect(store.photos().size).toBe(12);
  await store.close();
});

test('where no library is, none is made', async () => {
  const folder = temporaryFolder();
  await expect(repairLibrary(folder)).rejects.toMatchObject({ code: 'folder-missing' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a damaged file of decisions is named with the line', async () => {
  const library = copyOfLibrary();
  truncateSync(join(library, 'decisions.jsonl'), 50);
  await expect(repairLibrary(library)).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringContaining('line 1'),
  });
});
