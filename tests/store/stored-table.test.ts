import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Database } from '#main/store/database.ts';
import { int, text, vector } from '#main/store/column.ts';
import { declareTable, type RowOf } from '#main/store/declaration.ts';
import { StoredTable } from '#main/store/stored-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

const declaration = declareTable('items', 'id', { id: text(), n: int(), vector: vector(4) });
type Item = RowOf<typeof declaration>;

const ignore = () => {};
const mayBeThere = () => true;

function item(i: number, n = 0): Item {
  const numbers = Array.from({ length: 4 }, (_, k) => Math.sin(i * 7.1 + k + 1));
  return { id: `item ${i}`, n, vector: Float32Array.from(numbers) };
}

async function open(folder: string, onCommit = ignore): Promise<StoredTable<Item>> {
  return await StoredTable.open(new Database(folder), declaration, onCommit);
}

function filesOf(folder: string): number {
  return readdirSync(join(folder, 'items.lance'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  ).length;
}

/**
 * A compaction comes after 32 small commits, each of which leaves a file of rows, a manifest and a
 * transaction; of what was there before a handful is left.
 */
const mostFiles = 32 * 3 + 12;

test('queries never fail while the table is written, compacted and pruned', async () => {
  const folder = temporaryFolder();
  const table = await open(folder);
  const commits = 150;
  let committed = 0;
  let queries = 0;
  let writing = true;

  const write = async () => {
    for (let i = 0; i < commits; i += 1) {
      if (i % 3 === 2)
        await table.put([item(i - 1, i), item(i)], mayBeThere, () => (committed = i + 1));
      else
        await table.append(
          () => [item(i)],
          () => (committed = i + 1),
        );
      if (i % 20 === 19) await table.compact();
    }
    writing = false;
  };
  const read = async (reader: number) => {
    while (writing) {
      const atLeast = committed;
      const rows = [
        async () => (await table.all()).length,
        async () => (await table.columns(['id', 'n'])).length,
        async () => await table.countRows(),
        async () => (await table.nearest(item(1).vector, 1000, ['id'])).length,
        async () => (await table.find('id', ['item 0'])).length * atLeast,
      ][(reader + queries) % 5];
      queries += 1;
      expect(await rows()).toBeGreaterThanOrEqual(atLeast);
    }
  };
  await Promise.all([write(), ...Array.from({ length: 4 }, (_, i) => read(i))]);
  expect(queries).toBeGreaterThan(100);
  const rows = (await table.all()).map(({ id }) => id);
  expect(rows.sort()).toEqual(Array.from({ length: commits }, (_, i) => `item ${i}`).sort());
});

test('many small commits leave few files, at any time', async () => {
  const folder = temporaryFolder();
  let most = 0;
  const table = await open(folder);
  for (let i = 0; i < 300; i += 1) {
    if (i % 2 === 0) await table.append(() => [item(i)], ignore);
    else await table.put([item(i - 1, i), item(i)], mayBeThere, ignore);
    most = Math.max(most, filesOf(folder));
  }
  expect(most).toBeLessThanOrEqual(mostFiles);
  await table.close();
  expect(filesOf(folder)).toBeLessThanOrEqual(8);

  const again = await open(folder);
  const rows = new Map((await again.all()).map((row) => [row.id, row]));
  expect(rows.size).toBe(300);
  for (let i = 0; i < 300; i += 1) {
    expect(rows.get(`item ${i}`)).toEqual(item(i, i % 2 === 0 ? i + 1 : 0));
  }
});

test('rows that are only appended keep their order through compactions', async () => {
  const folder = temporaryFolder();
  const table = await open(folder);
  const ids: string[] = [];
  for (let i = 0; i < 40; i += 1) {
    const rows = [item(1000 - i), item(2000 - i)];
    ids.push(...rows.map(({ id }) => id));
    await table.append(() => rows, ignore);
  }
  await table.compact();
  expect((await table.all()).map(({ id }) => id)).toEqual(ids);
});

test('compacting a table that nobody wrote does nothing', async () => {
  const folder = temporaryFolder();
  const table = await open(folder);
  const before = filesOf(folder);
  await table.compact();
  await table.compact();
  expect(filesOf(folder)).toBe(before);
});

test('writes at once are made one after another, and each is heard of', async () => {
  const folder = temporaryFolder();
  let heard = 0;
  const table = await open(folder, () => (heard += 1));
  const seen = new Set<string>();
  const appendNew = (row: Item) =>
    table.append(
      () => (seen.has(row.id) ? [] : [row]),
      (rows) => rows.forEach(({ id }) => seen.add(id)),
    );
  await Promise.all(Array.from({ length: 12 }, (_, i) => appendNew(item(i % 3))));
  expect(await table.countRows()).toBe(3);
  expect(heard).toBe(3);
  await table.remove('id', ['item 1', 'unknown'], ignore);
  await table.remove('id', [], ignore);
  await table.put([], mayBeThere, ignore);
  expect(heard).toBe(4);
  expect((await table.columns(['id'])).map(({ id }) => id).sort()).toEqual(['item 0', 'item 2']);
});

test('a write that fails does not keep later ones from being made', async () => {
  const table = await open(temporaryFolder());
  const failing = table.append(() => {
    throw new Error('of the test');
  }, ignore);
  const next = table.append(() => [item(1)], ignore);
  await expect(failing).rejects.toThrow();
  await next;
  expect(await table.countRows()).toBe(1);
});

test('a table is closed when what is being read of it is read', async () => {
  const table = await open(temporaryFolder());
  await table.append(() => Array.from({ length: 9000 }, (_, i) => item(i)), ignore);
  await table.compact();
  const done: string[] = [];
  let closing = Promise.resolve();
  for await (const rows of table.batches(['id', 'n'])) {
    if (done.length === 0) closing = table.close().then(() => void done.push('closed'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    done.push(`${rows.length > 0 ? 'some' : 'no'} rows`);
  }
  await closing;
  expect(done.at(-1)).toBe('closed');
  expect(done.slice(0, -1).every((each) => each === 'some rows')).toBe(true);
});

test('reading goes on in parts while others write and delete what is old', async () => {
  const table = await open(temporaryFolder());
  // More than a batch holds.
  const ids = Array.from({ length: 9000 }, (_, i) => `item ${i}`);
  await table.append(() => ids.map((_, i) => item(i)), ignore);
  const parts: string[][] = [];
  let turns = 0;
  const immediate = setInterval(() => (turns += 1));
  let compacting = Promise.resolve();
  for await (const rows of table.batches(['id'])) {
    if (parts.length === 0) {
      await table.remove('id', ids.slice(0, 100), ignore);
      compacting = table.compact();
    }
    parts.push(rows.map(({ id }) => id));
  }
  clearInterval(immediate);
  // What it began with is read to its end, and only then is it deleted.
  expect(parts.flat().toSorted()).toEqual(ids.toSorted());
  expect(parts.length).toBeGreaterThan(1);
  expect(turns).toBeGreaterThan(0);
  await compacting;
  expect(await table.countRows()).toBe(8900);
  expect(await table.countRows("id = 'item 200'")).toBe(1);
  // One who stops reading keeps nobody waiting.
  for await (const rows of table.batches(['id'])) if (rows.length > 0) break;
  await table.remove('id', ids.slice(100, 200), ignore);
  await table.compact();
  expect(await table.columns(['n'])).toHaveLength(8800);
  await table.close();
});

test('rows are found with the columns that were asked for', async () => {
  const table = await open(temporaryFolder());
  await table.append(() => [item(1, 10), item(2, 20), item(3, 30)], ignore);
  const found = await table.find('id', ['item 1', 'item 3', 'nobody'], ['id', 'n']);
  expect(found.toSorted((a, b) => a.n - b.n)).toEqual([
    { id: 'item 1', n: 10 },
    { id: 'item 3', n: 30 },
  ]);
  expect(await table.find('id', ['item 2'])).toEqual([item(2, 20)]);
  await table.close();
});
