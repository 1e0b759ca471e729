import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { text, vector } from '#main/store/column.ts';
import { Database } from '#main/store/database.ts';
import { arrowSchema, declareTable, type RowOf } from '#main/store/declaration.ts';
import { dropScatteredIndices } from '#main/store/fit-table.ts';
import { connect, Index } from '#main/store/lancedb.ts';
import { StoredTable } from '#main/store/stored-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

const declaration = declareTable('items', 'id', { id: text(), vector: vector(4) });
type Item = RowOf<typeof declaration>;

function items(from: number, count: number): Item[] {
  return Array.from({ length: count }, (_, i) => {
    const numbers = Array.from({ length: 4 }, (_, k) => Math.sin((from + i + 1) * (k + 1) * 1.3));
    return { id: `item ${from + i}`, vector: Float32Array.from(numbers) };
  });
}

async function openFilled(folder: string): Promise<StoredTable<Item>> {
  const table = await StoredTable.open<Item>(new Database(folder), declaration, () => {});
  for (let from = 0; from < 300; from += 50) await append(table, items(from, 50));
  return table;
}

const append = (table: StoredTable<Item>, rows: readonly Item[]) =>
  table.append(
    () => rows,
    () => {},
  );

function filesIn(folder: string, of: 'data' | '_indices'): string[] {
  const all = readdirSync(join(folder, 'items.lance', of), { recursive: true });
  return all.map(String).sort();
}

test('an index of vectors and their rows stay as they are in the upkeep after it was made', async () => {
  const folder = temporaryFolder();
  const table = await openFilled(folder);
  await table.indexVectors();
  const [index, rows] = [filesIn(folder, '_indices'), filesIn(folder, 'data')];
  expect(index.length).toBeGreaterThan(0);
  await table.compact();
  await table.close();
  expect(filesIn(folder, '_indices')).toEqual(index);
  expect(filesIn(folder, 'data')).toEqual(rows);
});

test('rows that come later are indexed without touching what is there', async () => {
  const folder = temporaryFolder();
  const table = await openFilled(folder);
  await table.indexVectors();
  const [index, rows] = [filesIn(folder, '_indices'), filesIn(folder, 'data')];
  const more = items(300, 40);
  await append(table, more);
  await table.compact();
  expect(filesIn(folder, '_indices')).toEqual(expect.arrayContaining(index));
  expect(filesIn(folder, 'data')).toEqual(expect.arrayContaining(rows));
  expect(filesIn(folder, '_indices').length).toBeGreaterThan(index.length);
  expect((await table.nearest(more[7].vector, 1, ['id'])).map(({ id }) => id)).toEqual([
    'item 307',
  ]);
  await table.close();
});

test('an index in many parts is dropped, and its rows and those of later ones become one', async () => {
  const connection = await connect(temporaryFolder());
  const table = await connection.createEmptyTable('items', arrowSchema(declaration));
  const add = (rows: readonly Item[]) =>
    table.add(rows.map(({ id, vector }) => ({ id, vector: [...vector] })));
  const parts = async () => (await table.indexStats('vector_idx'))?.numIndices;
  await add(items(0, 300));
  await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine' }) });
  await table.createIndex('id', { config: Index.btree() });
  for (const from of [300, 310]) {
    await add(items(from, 10));
    await table.optimize();
  }
  expect(await parts()).toBe(3);
  await dropScatteredIndices(table, declaration, 3);
  expect(await parts()).toBe(3);
  await dropScatteredIndices(table, declaration, 2);
  expect((await table.listIndices()).map(({ columns }) => columns)).toEqual([['id']]);
  const { compaction } = await table.optimize();
  expect(compaction).toMatchObject({ fragmentsRemoved: 3, fragmentsAdded: 1 });
  table.close();
  connection.close();
});

test('compacting a table whose index lies in more than 32 parts leaves it none of them', async () => {
  const folder = temporaryFolder();
  const table = await openFilled(folder);
  await table.indexVectors();
  const counts: number[] = [];
  for (let round = 0; round < 33; round++) {
    await append(table, items(300 + round, 1));
    await table.compact();
    counts.push(filesIn(folder, 'data').length);
  }
  // The table is too small for the index to come again.
  expect(counts.slice(0, 32)).toEqual(Array.from({ length: 32 }, (_, i) => i + 2));
  expect(counts[32]).toBe(1);
  expect((await table.nearest(items(320, 1)[0].vector, 1, ['id']))[0].id).toBe('item 320');
  await table.close();
});
