import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { Bool, Field, Float64, Schema, Utf8 } from 'apache-arrow';
import { expect, onTestFinished, test } from 'vitest';
import { migrateLibrary } from '#main/store/schema-version.ts';
import { openStore } from '#main/store/store.ts';
import { caption, idOf } from './rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function startWriter(folder: string): Promise<ChildProcess> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  return writer;
}

test('a library is held by one process, and the error names it', async () => {
  const folder = temporaryFolder();
  const writer = await startWriter(folder);
  await expect(openStore(folder)).rejects.toMatchObject({
    code: 'library-locked',
    message: expect.stringContaining(`process ${writer.pid}`),
  });
});

test('a library is held once within a process too, until it is closed', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'library-locked' });
  await store.close();
  await (await openStore(folder)).close();
  expect(readdirSync(folder).sort()).toEqual(['db', 'library.json']);
});

test('the lock of another process that now has the same id is stale', async () => {
  const folder = temporaryFolder();
  await (await openStore(folder)).close();
  const holder = { pid: process.pid, started: 'another boot:1' };
  writeFileSync(join(folder, 'library.lock'), JSON.stringify(holder));
  await (await openStore(folder)).close();
});

test('of several that find a stale lock, one gets the library', async () => {
  const folder = temporaryFolder();
  await (await openStore(folder)).close();
  writeFileSync(join(folder, 'library.lock'), JSON.stringify({ pid: 2 ** 30, started: null }));
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => openStore(folder)));
  const opened = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(opened).toHaveLength(1);
  await opened[0].close();
});

test('a writer killed again and again leaves whole rows, each once', async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < 4; round += 1) {
    const writer = await startWriter(folder);
    await new Promise((resolve) => setTimeout(resolve, 60 + round * 97));
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  }
  const store = await openStore(folder);
  const ids = (await store.photos.columns()).ids.sort();
  const captions = await store.captions.of(ids);
  const filed = [...store.files.photoIds()];
  expect(filed.length).toBeGreaterThan(0);
  // The last write may have been cut between its tables, which are written files last.
  expect(filed.sort()).toEqual(Array.from({ length: filed.length }, (_, n) => idOf(n)));
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, n) => idOf(n)));
  expect(ids.length - filed.length).toBeLessThanOrEqual(3);
  expect([...captions.values()].map((rows) => rows.length)).toEqual(ids.map(() => 1));
  await store.close();
});

test('a library of a newer Medley is left alone', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'library.json'), '{"schema": 99}');
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'library-newer' });
  expect(readdirSync(folder)).not.toContain('library.lock');
});

test('a damaged library.json is an error, not a new library', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'library.json'), '{"sch');
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
});

test('migrations run once each, from the version found', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'library.json');
  const database = await connect(join(folder, 'db'));
  const ran: number[] = [];
  const migrations = [1, 2, 3].map((from) => ({
    from,
    run: async () => void ran.push(from),
  }));
  writeFileSync(path, '{"schema": 2}');
  await migrateLibrary(path, database, migrations);
  await migrateLibrary(path, database, migrations);
  expect(ran).toEqual([2, 3]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ schema: 4 });
});

/** The captions table as schema 1 had it. */
const firstCaptions = new Schema([
  ...['id', 'photoId', 'text', 'origin'].map((name) => new Field(name, new Utf8(), false)),
  ...['field', 'modelId', 'decoding'].map((name) => new Field(name, new Utf8(), true)),
  new Field('itm', new Float64(), true),
  new Field('createdAt', new Utf8(), false),
  new Field('confirmed', new Bool(), false),
]);

test('captions of schema 1 are kept; who scored them nobody knows', async () => {
  const folder = temporaryFolder();
  const row = caption('c1', idOf(1), { itm: 0.75 });
  const first = Object.entries(row).filter(([column]) => column !== 'itmModelId');
  writeFileSync(join(folder, 'library.json'), '{"schema": 1}');
  const database = await connect(join(folder, 'db'));
  await (
    await database.createEmptyTable('captions', firstCaptions)
  ).add([Object.fromEntries(first)]);
  database.close();
  for (let opening = 0; opening < 2; opening += 1) {
    const store = await openStore(folder);
    const captions = (await store.captions.of([idOf(1)])).get(idOf(1));
    expect(captions).toEqual([row]);
    expect(store.captions.awaitsScore(idOf(1), 'starter@1')).toBe(true);
    await store.close();
    expect(readFileSync(join(folder, 'library.json'), 'utf8')).toContain('2');
  }
});

test('an upgrade that was cut short is taken up again', async () => {
  const folder = temporaryFolder();
  await (await openStore(folder)).close();
  // The table is new already, the version is not; and a library may have no table yet.
  writeFileSync(join(folder, 'library.json'), '{"schema": 1}');
  await (await openStore(folder)).close();
  const empty = temporaryFolder();
  writeFileSync(join(empty, 'library.json'), '{"schema": 1}');
  await (await openStore(empty)).close();
});
