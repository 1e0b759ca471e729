import { asReadOnly } from '#main/files/read-only.ts';
import { namesIn, type Database } from './database.ts';
import { arrowSchema, encodeRow, type Declaration } from './declaration.ts';
import {
  addNewColumns,
  dropScatteredIndices,
  indexLookups,
  indexTexts,
  indexVectors,
} from './fit-table.ts';
import { storeFailed } from './store-failed.ts';
import { sqlIn, sqlText } from './sql-text.ts';
import { TableReads, valuesAtOnce, type OpenTable } from './table-reads.ts';

/** Commits between two compactions, for small tables and for large ones. */
const fewestWrites = 32;
const mostWrites = 96;
/** Versions younger than this may still be read by a query that runs. */
const keepVersionsMs = 5 * 60_000;

/** Hears of a change, with the rows that came or changed. */
export type CommitListener<Row> = (rows: readonly Row[]) => void;

/**
 * One LanceDB table with its writes in single file. Every write is one atomic commit; many small
 * ones are compacted now and then, and what they replaced is deleted as soon as no query reads it.
 */
export class StoredTable<Row> extends TableReads<Row> {
  readonly #onCommit: CommitListener<Row>;
  #tail: Promise<unknown> = Promise.resolve();
  #writes = 0;

  private constructor(
    database: Database,
    declaration: Declaration<Row>,
    opened: OpenTable,
    onCommit: CommitListener<Row>,
  ) {
    super(database, declaration, opened);
    this.#onCommit = onCommit;
  }

  /**
   * Opens the table, creating it empty where it is missing and adding the columns that came since.
   *
   * @param onCommit hears of every change.
   * @throws MedleyError `library-damaged`, `folder-read-only`
   */
  static async open<Row>(
    database: Database,
    declaration: Declaration<Row>,
    onCommit: CommitListener<Row>,
  ): Promise<StoredTable<Row>> {
    const { name } = declaration;
    const connection = await database.connect();
    try {
      const table = (await namesIn(connection)).includes(name)
        ? await connection.openTable(name)
        : await connection.createEmptyTable(name, arrowSchema(declaration));
      await addNewColumns(table, declaration);
      await indexTexts(table, declaration);
      return new StoredTable(database, declaration, { connection, table }, onCommit);
    } catch (error) {
      connection.close();
      throw storeFailed(name, asReadOnly(error, database.folder));
    }
  }

  /**
   * Appends what `choose` returns, as one commit. `choose` runs when the write's turn has come, so
   * that it sees what earlier writes made known.
   */
  async append(
    choose: () => readonly Row[],
    committed: (rows: readonly Row[]) => void,
  ): Promise<void> {
    await this.#write(async () => {
      const rows = choose();
      if (rows.length === 0) return null;
      await this.opened.table.add(rows.map((row) => encodeRow(this.declaration, row)));
      committed(rows);
      return rows;
    });
  }

  /**
   * Inserts or replaces rows by key; of two with one key the last counts.
   *
   * @param mayBeThere Whether the table may have a row with this one's key; asked when the write's
   *   turn has come. New rows are appended, which costs a fraction of looking for their keys.
   */
  async put(
    rows: readonly Row[],
    mayBeThere: (row: Row) => boolean,
    committed: (rows: readonly Row[]) => void,
  ): Promise<void> {
    const { key } = this.declaration;
    const unique = [...new Map(rows.map((row) => [row[key], row])).values()];
    if (unique.length === 0) return;
    await this.#write(async () => {
      const encode = (row: Row) => encodeRow(this.declaration, row);
      const replacing = unique.filter(mayBeThere);
      const fresh = unique.filter((row) => !replacing.includes(row));
      if (replacing.length > 0) {
        await this.opened.table
          .mergeInsert(key)
          .whenMatchedUpdateAll()
          .whenNotMatchedInsertAll()
          .execute(replacing.map(encode));
        committed(replacing);
      }
      if (fresh.length > 0) {
        await this.opened.table.add(fresh.map(encode));
        committed(fresh);
      }
      return unique;
    });
  }

  /** Removes the rows with one of these values in a column. */
  async remove(
    column: keyof Row & string,
    values: readonly string[],
    committed: () => void,
  ): Promise<void> {
    if (values.length === 0) return;
    await this.#write(async () => {
      for (let start = 0; start < values.length; start += valuesAtOnce) {
        await this.opened.table.delete(sqlIn(column, values.slice(start, start + valuesAtOnce)));
      }
      committed();
      return [];
    });
  }

  /** Removes the rows whose text in a column sorts before `limit`. */
  async removeBelow(column: keyof Row & string, limit: string): Promise<void> {
    await this.#write(async () => {
      const where = `${column} < ${sqlText(limit)}`;
      if ((await this.opened.table.countRows(where)) === 0) return null;
      await this.opened.table.delete(where);
      return [];
    });
  }

  /**
   * Compacts what small writes left and deletes what they replaced; nothing where none came. An index of vectors in
   * many parts is made anew, which takes as long as the first time.
   */
  async compact(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#writes === 0) return;
      await dropScatteredIndices(this.opened.table, this.declaration);
      await this.#compactNow();
    });
  }

  /** Compacts, and indexes vectors, however few there are. */
  async indexVectors(): Promise<void> {
    await this.#enqueue(() => this.#compactNow(0));
  }

  /** Deletes also what a killed process never committed. Call it before anything else happens. */
  async sweep(): Promise<void> {
    await this.#enqueue(async () => {
      await this.opened.table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
    });
  }

  /** Waits for the writes and reads under way, compacts what writes left, and closes the table. */
  async close(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#writes > 0) await this.#compactNow();
      await this.gate.alone(() => Promise.resolve(close(this.opened)));
    });
  }

  /** @param commit gives the rows that came or changed; null where nothing did */
  async #write(commit: () => Promise<readonly Row[] | null>): Promise<void> {
    await this.#enqueue(async () => {
      const changed = await commit();
      if (changed === null) return;
      this.#onCommit(changed);
      this.#writes += 1;
      if (this.#writes < fewestWrites) return;
      const rows = await this.opened.table.countRows();
      if (this.#writes >= Math.min(mostWrites, fewestWrites + rows / 1000))
        await this.#compactNow();
    });
  }

  /** @param vectorsFrom rows from which on vectors are indexed */
  async #compactNow(vectorsFrom?: number): Promise<void> {
    await indexLookups(this.opened.table, this.declaration);
    await this.opened.table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersionsMs) });
    // Not before: where rows move, LanceDB builds an index of their vectors anew.
    await indexVectors(this.opened.table, this.declaration, vectorsFrom);
    await this.#prune();
    this.#writes = 0;
  }

  /** Deletes old versions in a moment without reads, since a query reads the one it began with. */
  async #prune(): Promise<void> {
    await this.gate.alone(async () => {
      await this.opened.table.optimize({ cleanupOlderThan: new Date() });
      await this.#reconnect();
    });
  }

  /** Frees the memory that LanceDB has gathered with the commits since. */
  async #reconnect(): Promise<void> {
    const before = this.opened;
    const connection = await this.database.connect();
    this.opened = { connection, table: await connection.openTable(this.name) };
    close(before);
  }

  async #enqueue(job: () => Promise<void>): Promise<void> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    try {
      await result;
    } catch (error) {
      throw this.failed(error);
    }
  }
}

function close({ connection, table }: OpenTable): void {
  table.close();
  connection.close();
}
