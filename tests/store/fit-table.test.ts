import { connect } from '@lancedb/lancedb';
import { expect, test } from 'vitest';
import { text, vector } from '#main/store/column.ts';
import { arrowSchema, declareTable } from '#main/store/declaration.ts';
import { indexVectors } from '#main/store/fit-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

const declaration = declareTable('items', 'id', { id: text(), vector: vector(4) });

test('vectors are indexed from so many rows on, once, and are found all the same', async () => {
  const connection = await connect(temporaryFolder());
  const table = await connection.createEmptyTable('items', arrowSchema(declaration));
  const rows = Array.from({ length: 300 }, (_, i) => ({
    id: `item ${i}`,
    vector: Array.from({ length: 4 }, (_, k) => Math.sin((i + 1) * (k + 1) * 1.3)),
  }));
  await table.add(rows.slice(1));
  await indexVectors(table, declaration, 300);
  expect(await table.listIndices()).toEqual([]);

  await table.add(rows.slice(0, 1));
  await indexVectors(table, declaration, 300);
  await indexVectors(table, declaration, 300);
  const indices = await table.listIndices();
  expect(indices.map(({ columns, indexType }) => [columns, indexType])).toEqual([
    [['vector'], 'IvfHnswSq'],
  ]);

  const near = table
    .query()
    .nearestTo(rows[7].vector)
    .distanceType('cosine')
    .refineFactor(10)
    .limit(1);
  expect((await near.toArray()).map(({ id }: { id: string }) => id)).toEqual(['item 7']);
  table.close();
  connection.close();
});
