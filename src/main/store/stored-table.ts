import type { Connection, Table } from '@lancedb/lancedb';
import { Index } from '@lancedb/lancedb';
import type { Schema, Table as ArrowTable } from 'apache-arrow';

/** Below this many rows a scan answers as fast as an index would. */
const INDEX_FROM_ROWS = 20_000;
/** Versions younger than this may still be read by a query that runs. */
const KEEP_VERSIONS_MS = 5 * 60_000;

/** How a table reads: the columns wanted and, unless all rows are, which rows. */
export interface Selection {
  readonly columns: string[];
  readonly where?: string;
}

/**
 * One LanceDB table with its writes in single file. Every write is one atomic commit; many small
 * ones are compacted now and then, in proportion to what compaction has to rewrite.
 */
export class StoredTable {
  readonly #table: Table;
  readonly #keyColumn: string;
  #tail: Promise<unknown> = Promise.resolve();
  #writes = 0;

  private constructor(table: Table, keyColumn: string) {
    this.#table = table;
    this.#keyColumn = keyColumn;
  }

  /** Opens the table, creating it empty where it is missing. */
  static async open(
    database: Connection,
    name: string,
    schema: Schema,
    keyColumn: string,
  ): Promise<StoredTable> {
    const names = await database.tableNames({ limit: 10_000 });
    const table = names.includes(name)
      ? await database.openTable(name)
      : await database.createEmptyTable(name, schema);
    return new StoredTable(table, keyColumn);
  }

  async read(selection: Selection): Promise<ArrowTable> {
    const query = this.#table.query().select(selection.columns);
    return await (selection.where === undefined ? query : query.where(selection.where)).toArrow();
  }

  /** The `limit` nearest rows by cosine, nearest first, with their `_distance`. */
  async nearest(
    vector: Float32Array,
    limit: number,
    columns: readonly string[],
  ): Promise<ArrowTable> {
    return await this.#table
      .query()
      .nearestTo(vector)
      .distanceType('cosine')
      .select([...columns, '_distance'])
      .limit(limit)
      .toArrow();
  }

  async countRows(): Promise<number> {
    return await this.#table.countRows();
  }

  /**
   * Appends what `choose` returns, as one commit. `choose` runs when the write's turn has come,
   * so that it sees what earlier writes made known.
   */
  async append(choose: () => Record<string, unknown>[], committed: () => void): Promise<void> {
    await this.#write(async () => {
      const rows = choose();
      if (rows.length === 0) return;
      await this.#table.add(rows);
      committed();
    });
  }

  /** Inserts or replaces rows by `key`, as one commit. Keys must differ from each other. */
  async upsert(key: string, rows: Record<string, unknown>[], committed: () => void): Promise<void> {
    if (rows.length === 0) return;
    await this.#write(async () => {
      await this.#table
        .mergeInsert(key)
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute(rows);
      committed();
    });
  }

  async remove(where: string, committed: () => void): Promise<void> {
    await this.#write(async () => {
      await this.#table.delete(where);
      committed();
    });
  }

  /** Compacts, indexes and prunes. `exclusively`: no query runs, so old versions may go at once. */
  async optimize(exclusively: boolean): Promise<void> {
    await this.#enqueue(() => this.#optimizeNow(exclusively));
  }

  /** Waits for the writes under way, then compacts what they left and closes the table. */
  async close(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#writes > 0) await this.#optimizeNow(true);
      this.#table.close();
    });
  }

  async #write(commit: () => Promise<void>): Promise<void> {
    await this.#enqueue(async () => {
      await commit();
      this.#writes += 1;
      const rows = await this.#table.countRows();
      if (this.#writes >= 32 + rows / 1000) await this.#optimizeNow(false);
    });
  }

  async #optimizeNow(exclusively: boolean): Promise<void> {
    const rows = await this.#table.countRows();
    if (rows >= INDEX_FROM_ROWS) await this.#indexKey();
    await this.#table.optimize({
      cleanupOlderThan: new Date(Date.now() - (exclusively ? 0 : KEEP_VERSIONS_MS)),
      deleteUnverified: exclusively,
    });
    this.#writes = 0;
  }

  async #indexKey(): Promise<void> {
    const indices = await this.#table.listIndices();
    if (indices.some((index) => index.columns.includes(this.#keyColumn))) return;
    await this.#table.createIndex(this.#keyColumn, { config: Index.btree() });
  }

  async #enqueue<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return await result;
  }
}
