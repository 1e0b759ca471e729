import { DataType } from 'apache-arrow';
import { sqlBefore, type Declaration } from './declaration.ts';
import { Index, type Table } from './lancedb.ts';

/**
 * Makes the full-text indices that a table has not got.
 * Words are told apart by spaces alone: whoever fills the column has made them what they are.
 */
export async function indexTexts<Row>(table: Table, { fullText }: Declaration<Row>): Promise<void> {
  if (fullText.length === 0) return;
  const indices = await table.listIndices();
  for (const column of fullText) {
    if (indices.some(({ columns }) => columns.includes(column))) continue;
    const config = Index.fts({
      baseTokenizer: 'whitespace',
      lowercase: false,
      stem: false,
      removeStopWords: false,
      asciiFolding: false,
      withPosition: true,
    });
    await table.createIndex(column, { config });
  }
}

/** Below this many rows a scan answers as fast as an index would. */
const lookupIndexFromRows = 5_000;

/** Makes the indices that rows are looked up by, which a table has not got and is large enough for. */
export async function indexLookups<Row>(
  table: Table,
  { key, lookups }: Declaration<Row>,
): Promise<void> {
  if ((await table.countRows()) < lookupIndexFromRows) return;
  const indices = await table.listIndices();
  for (const column of [key, ...lookups]) {
    if (indices.some((index) => index.columns.includes(column))) continue;
    await table.createIndex(column, { config: Index.btree() });
  }
}

/** Adds the columns that came since a table was made. */
export async function addNewColumns<Row>(
  table: Table,
  { columns }: Declaration<Row>,
): Promise<void> {
  const there = new Set((await table.schema()).names.map(String));
  const missing = Object.entries<Declaration<Row>['columns'][keyof Row]>(columns).filter(
    ([name]) => !there.has(name),
  );
  if (missing.length === 0) return;
  await table.addColumns(missing.map(([name, column]) => ({ name, valueSql: sqlBefore(column) })));
  // One that is filled with values alone would take no null.
  const empty = missing.filter(([, { nullable }]) => nullable);
  if (empty.length > 0) {
    await table.alterColumns(empty.map(([name]) => ({ path: name, nullable: true })));
  }
}

/**
 * From as many rows on, vectors are indexed: a scan of all takes a good part of the time in which a first answer is
 * due, and an index finds 99 of 100 of the nearest (`docs/speed.md`, "Measured on searching").
 */
const vectorIndexFromRows = 50_000;

/**
 * Makes the indices of vectors that a table has not got, and that it is large enough for. It takes a minute or more, and
 * a search meanwhile scans.
 */
export async function indexVectors<Row>(
  table: Table,
  { columns }: Declaration<Row>,
  fromRows = vectorIndexFromRows,
): Promise<void> {
  if ((await table.countRows()) < fromRows) return;
  const indices = await table.listIndices();
  for (const [name, { type }] of Object.entries<Declaration<Row>['columns'][keyof Row]>(columns)) {
    const isIndexed = indices.some((index) => index.columns.includes(name));
    if (!DataType.isFixedSizeList(type) || isIndexed) continue;
    const config = Index.hnswSq({ distanceType: 'cosine' });
    await table.createIndex(name, { config, waitTimeoutSeconds: 3600 });
  }
}

/** Parts of an index of vectors that a search is to look into: each costs it half a millisecond. */
const mostIndexParts = 32;

/**
 * Drops the indices of vectors that lie in many parts, so that their rows can be moved together and indexed as one.
 * Each compaction indexes the rows that came since as a part of its own, and neither parts nor rows of different
 * parts are ever joined.
 */
export async function dropScatteredIndices<Row>(
  table: Table,
  { columns }: Declaration<Row>,
  mostParts = mostIndexParts,
): Promise<void> {
  for (const { name, columns: indexed } of await table.listIndices()) {
    const isOfVectors = Object.entries<Declaration<Row>['columns'][keyof Row]>(columns).some(
      ([column, { type }]) => DataType.isFixedSizeList(type) && indexed.includes(column),
    );
    if (!isOfVectors) continue;
    const parts = (await table.indexStats(name))?.numIndices ?? 1;
    if (parts > mostParts) await table.dropIndex(name);
  }
}
