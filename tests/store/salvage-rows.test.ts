import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { int, text } from '#main/store/column.ts';
import { Database } from '#main/store/database.ts';
import { declareTable, decodeRow, encodeRow } from '#main/store/declaration.ts';
import { salvageRows } from '#main/store/salvage-rows.ts';
import { StoredTable } from '#main/store/stored-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ignore = () => {};
const before = declareTable('things', 'id', { id: text(), madeBy: text() });
const after = declareTable('things', 'id', {
  id: text(),
  madeBy: text(),
  stars: int({ since: 4, before: 2 }),
});

test('versions of a table from before a column came are read too, and filled', async () => {
  const folder = temporaryFolder();
  const table = await StoredTable.open(new Database(folder), before, ignore);
  for (const id of ['a', 'b', 'c']) {
    await table.append(() => [{ id, madeBy: `the maker of ${id}` }], ignore);
  }
  const versions = join(folder, 'things.lance', '_versions');
  const [newest] = readdirSync(versions)
    .filter((name) => name.endsWith('.manifest'))
    .sort();
  truncateSync(join(versions, newest), 10);
  const rows = await salvageRows(folder, after, join(temporaryFolder(), 'scratch'));
  expect(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
    { id: 'a', madeBy: 'the maker of a', stars: 2 },
    { id: 'b', madeBy: 'the maker of b', stars: 2 },
  ]);
});

test('a row kept outside the database is filled in the same way', () => {
  const row = { id: 'a', madeBy: 'me' };
  expect(decodeRow(after, encodeRow(before, row))).toEqual({ ...row, stars: 2 });
  expect(decodeRow(after, encodeRow(after, { ...row, stars: 5 }))).toEqual({ ...row, stars: 5 });
  expect(() => decodeRow(after, { id: 'a', stars: 5 })).toThrow('text');
});
