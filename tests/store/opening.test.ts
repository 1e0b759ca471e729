import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '#main/store/store.ts';
import { openLibrary } from './open-library.ts';
import { contentId, importedFile, newContent } from './rows.ts';
import { killProcess, startProcess } from './start-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a library is held by one process, and the error names it', async () => {
  const folder = temporaryFolder();
  const writer = await startProcess('writer.ts', folder);
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
  expect(readdirSync(folder).sort()).toEqual(['database', 'library.json']);
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
    const writer = await startProcess('writer.ts', folder);
    await delay(60 + round * 97);
    await killProcess(writer);
  }
  const { tables } = await openLibrary(folder);
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => contentId(n));
  const ids = (await tables.contents.table.columns(['id'])).map(({ id }) => id).sort();
  const filed = (await tables.files.table.columns(['assetId'])).map(({ assetId }) => assetId);
  const captioned = (await tables.captions.table.columns(['assetId'])).map((row) => row.assetId);
  const assets = (await tables.assets.table.columns(['id'])).map(({ id }) => id);
  expect(filed.length).toBeGreaterThan(0);
  // The last write may have been cut between its tables, of which files come last.
  expect(filed.sort()).toEqual(upTo(filed.length));
  expect(captioned.sort()).toEqual(upTo(captioned.length));
  expect(ids).toEqual(upTo(ids.length));
  expect(assets.sort()).toEqual(upTo(assets.length));
  for (const rows of [captioned, ids, assets]) {
    expect([0, 3]).toContain(rows.length - filed.length);
  }
});

test('an import that was cut short ends the same when it is repeated', async () => {
  const store = await openLibrary();
  const { assets, contents, files } = store.tables;
  const content = { ...newContent(1), assetId: contentId(1), pictureId: newContent(1).pixels };
  await assets.append([{ id: contentId(1), addedAt: content.addedAt }]);
  await contents.put([content]);
  expect([...store.photos().keys()]).toEqual([]);
  const said = { 'XMP-dc:Description': 'A quay' };
  for (let time = 0; time < 2; time += 1) {
    await store.addImports([importedFile('/photos/1.jpg', newContent(1), said)]);
    expect([...store.photos().keys()]).toEqual([contentId(1)]);
    expect(files.size).toBe(1);
    expect((await store.captionsOf([contentId(1)])).get(contentId(1))).toHaveLength(1);
  }
  for (const { table } of [assets, contents, files, store.tables.captions]) {
    expect(await table.countRows()).toBe(1);
  }
});

test('a library of a newer Medley is left alone', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'library.json'), '{"schema": 99}');
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'library-newer' });
  expect(readdirSync(folder)).toEqual(['library.json']);
  expect(readFileSync(join(folder, 'library.json'), 'utf8')).toBe('{"schema": 99}');
});

test('a damaged library.json is an error, not a new library', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'library.json'), '{"sch');
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  expect(readdirSync(folder)).toEqual(['library.json']);
});

test('a truncated file of the database is told in words', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  await store.addImports([importedFile('/photos/1.jpg', newContent(1))]);
  await store.close();
  const data = join(folder, 'database', 'contents.lance', 'data');
  for (const name of readdirSync(data)) writeFileSync(join(data, name), 'LANC');
  await expect(openStore(folder)).rejects.toMatchObject({
    code: 'library-damaged',
    message: expect.stringMatching(/^The library's database is damaged.*contents/),
    subject: 'contents',
  });
  // The lock is let go.
  expect(readdirSync(folder)).not.toContain('library.lock');
});
