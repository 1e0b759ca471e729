import type { Table as ArrowTable } from 'apache-arrow';
import { asReadOnly } from '#main/files/read-only.ts';
import type { MedleyError } from '#shared/errors.ts';
import { namesIn, type Database } from './database.ts';
import {
  arrowSchema,
  columnNames,
  decodeRows,
  decodeWholeRows,
  encodeRow,
  type Declaration,
} from './declaration.ts';
import {
  addNewColumns,
  dropScatteredIndices,
  indexLookups,
  indexTexts,
  indexVectors,
} from './fit-table.ts';
import type { Connection, FullTextQuery, Table } from './lancedb.ts';
import { ReadGate } from './read-gate.ts';
import { storeFailed } from './store-failed.ts';
import { sqlIn, sqlText } from './sql-text.ts';

/** Commits between two compactions, for small tables and for large ones. */
const fewestWrites = 32;
const mostWrites = 96;
/** Values named in one condition: ten thousand take four times as long as a thousand. */
const valuesAtOnce = 10_000;
/** Versions younger than this may still be read by a query that runs. */
const keepVersionsMs = 5 * 60_000;

interface Opened {
  readonly connection: Connection;
  readonly table: Table;
}

/** Hears of a change, with the rows that came or changed. */
export type CommitListener<Row> = (rows: readonly Row[]) => void;

/** A row in which words were found, and its BM25 score. */
export type Scored<Row> = Row & { readonly score: number };

/** A row found near a vector, and its cosine distance. */
export type Near<Row> = Row & { readonly distance: number };

/**
 * One LanceDB table with its writes in single file. Every write is one atomic commit; many small
 * ones are compacted now and then, and what they replaced is deleted as soon as no query reads it.
 */
export class StoredTable<Row> {
  readonly name: string;
  readonly #declaration: Declaration<Row>;
  readonly #database: Database;
  #opened: Opened;
  readonly #onCommit: CommitListener<Row>;
  #tail: Promise<unknown> = Promise.resolve();
  #writes = 0;
  /** Shut while old versions are deleted. */
  readonly #gate = new ReadGate();

  private constructor(
    database: Database,
    declaration: Declaration<Row>,
    opened: Opened,
    onCommit: CommitListener<Row>,
  ) {
    this.name = declaration.name;
    this.#database = database;
    this.#declaration = declaration;
    this.#opened = opened;
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

  /** Some columns of every row. */
  async columns<K extends keyof Row & string>(names: readonly K[]): Promise<Pick<Row, K>[]> {
    const rows: Pick<Row, K>[] = [];
    for await (const some of this.batches(names)) rows.push(...some);
    return rows;
  }

  /** The same, some rows at a time: a large table keeps nothing else waiting meanwhile. */
  async *batches<K extends keyof Row & string>(
    names: readonly K[],
  ): AsyncGenerator<Pick<Row, K>[], void> {
    await this.#gate.enter();
    try {
      const query = this.#opened.table.query().select([...names]);
      for await (const batch of query) {
        yield decodeRows(this.#declaration, names, batch);
      }
    } catch (error) {
      throw this.#failed(error);
    } finally {
      this.#gate.leave();
    }
  }

  async all(): Promise<Row[]> {
    const names = columnNames(this.#declaration);
    const result = await this.#read(() => this.#opened.table.query().select(names).toArrow());
    return decodeWholeRows(this.#declaration, result);
  }

  /** The rows with one of these values in a column. */
  async find(column: keyof Row & string, values: readonly string[]): Promise<Row[]>;
  /** Some columns of them, which takes a fraction of the time. */
  async find<K extends keyof Row & string>(
    column: keyof Row & string,
    values: readonly string[],
    names: readonly K[],
  ): Promise<Pick<Row, K>[]>;
  async find(
    column: keyof Row & string,
    values: readonly string[],
    names: readonly (keyof Row & string)[] = columnNames(this.#declaration),
  ): Promise<unknown[]> {
    const rows: unknown[] = [];
    for (let start = 0; start < values.length; start += valuesAtOnce) {
      const where = sqlIn(column, values.slice(start, start + valuesAtOnce));
      const query = () => this.#opened.table.query().where(where);
      const result = await this.#read(() =>
        query()
          .select([...names])
          .toArrow(),
      );
      rows.push(...decodeRows(this.#declaration, names, result));
    }
    return rows;
  }

  /** Some columns of the rows that an SQL condition holds of. */
  async where<K extends keyof Row & string>(
    condition: string,
    names: readonly K[],
  ): Promise<Pick<Row, K>[]> {
    const query = () => this.#opened.table.query().where(condition);
    const result = await this.#read(() =>
      query()
        .select([...names])
        .toArrow(),
    );
    return decodeRows(this.#declaration, names, result);
  }

  /**
   * The `limit` rows nearest by cosine, nearest first.
   *
   * @param condition in SQL, of the rows that are looked at
   * @param exact whether to look at every vector, where an index would tell
   */
  async nearest<K extends keyof Row & string>(
    vector: Float32Array,
    limit: number,
    names: readonly K[],
    condition: string | null = null,
    exact = false,
  ): Promise<Near<Pick<Row, K>>[]> {
    const result = await this.#read(() => {
      // Of an index, candidates enough, and their true distances; a scan takes no notice.
      const query = this.#opened.table
        .query()
        .nearestTo(vector)
        .distanceType('cosine')
        .ef(2 * limit)
        .refineFactor(1)
        .select([...names, '_distance'])
        .limit(limit);
      const asked = exact ? query.bypassVectorIndex() : query;
      return (condition === null ? asked : asked.where(condition)).toArrow();
    });
    const distances = Array.from<unknown, number>(result.getChild('_distance') ?? [], Number);
    const rows = decodeRows(this.#declaration, names, result);
    return rows.map((row, i) => ({ ...row, distance: distances[i] }));
  }

  /**
   * The `limit` rows with the best BM25 scores for words in columns of full text, best first.
   *
   * @param condition in SQL, of the rows that are looked at
   */
  async search<K extends keyof Row & string>(
    words: FullTextQuery,
    limit: number,
    names: readonly K[],
    condition: string | null,
  ): Promise<Scored<Pick<Row, K>>[]> {
    const result = await this.#read(() => {
      const query = this.#opened.table
        .query()
        .fullTextSearch(words)
        .select([...names, '_score'])
        .limit(limit);
      return (condition === null ? query : query.where(condition)).toArrow();
    });
    const scores = Array.from<unknown, number>(result.getChild('_score') ?? [], Number);
    const rows = decodeRows(this.#declaration, names, result);
    return rows.map((row, i) => ({ ...row, score: scores[i] }));
  }

  /** @param condition in SQL, of the rows that count */
  async countRows(condition?: string): Promise<number> {
    return await this.#read(() => this.#opened.table.countRows(condition));
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
      await this.#opened.table.add(rows.map((row) => encodeRow(this.#declaration, row)));
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
    const { key } = this.#declaration;
    const unique = [...new Map(rows.map((row) => [row[key], row])).values()];
    if (unique.length === 0) return;
    await this.#write(async () => {
      const encode = (row: Row) => encodeRow(this.#declaration, row);
      const replacing = unique.filter(mayBeThere);
      const fresh = unique.filter((row) => !replacing.includes(row));
      if (replacing.length > 0) {
        await this.#opened.table
          .mergeInsert(key)
          .whenMatchedUpdateAll()
          .whenNotMatchedInsertAll()
          .execute(replacing.map(encode));
        committed(replacing);
      }
      if (fresh.length > 0) {
        await this.#opened.table.add(fresh.map(encode));
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
        await this.#opened.table.delete(sqlIn(column, values.slice(start, start + valuesAtOnce)));
      }
      committed();
      return [];
    });
  }

  /** Removes the rows whose text in a column sorts before `limit`. */
  async removeBelow(column: keyof Row & string, limit: string): Promise<void> {
    await this.#write(async () => {
      const where = `${column} < ${sqlText(limit)}`;
      if ((await this.#opened.table.countRows(where)) === 0) return null;
      await this.#opened.table.delete(where);
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
      await dropScatteredIndices(this.#opened.table, this.#declaration);
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
      await this.#opened.table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
    });
  }

  /** Waits for the writes under way, then compacts what they left and closes the table. */
  async close(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#writes > 0) await this.#compactNow();
      close(this.#opened);
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
      const rows = await this.#opened.table.countRows();
      if (this.#writes >= Math.min(mostWrites, fewestWrites + rows / 1000))
        await this.#compactNow();
    });
  }

  /** @param vectorsFrom rows from which on vectors are indexed */
  async #compactNow(vectorsFrom?: number): Promise<void> {
    await indexLookups(this.#opened.table, this.#declaration);
    await this.#opened.table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersionsMs) });
    // Not before: where rows move, LanceDB builds an index of their vectors anew.
    await indexVectors(this.#opened.table, this.#declaration, vectorsFrom);
    await this.#prune();
    this.#writes = 0;
  }

  /** Deletes old versions in a moment without reads, since a query reads the one it began with. */
  async #prune(): Promise<void> {
    await this.#gate.alone(async () => {
      await this.#opened.table.optimize({ cleanupOlderThan: new Date() });
      await this.#reconnect();
    });
  }

  /** Frees the memory that LanceDB has gathered with the commits since. */
  async #reconnect(): Promise<void> {
    const before = this.#opened;
    const connection = await this.#database.connect();
    this.#opened = { connection, table: await connection.openTable(this.name) };
    close(before);
  }

  async #read<T extends ArrowTable | number>(query: () => Promise<T>): Promise<T> {
    await this.#gate.enter();
    try {
      return await query();
    } catch (error) {
      throw this.#failed(error);
    } finally {
      this.#gate.leave();
    }
  }

  async #enqueue(job: () => Promise<void>): Promise<void> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    try {
      await result;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): MedleyError {
    return storeFailed(this.name, asReadOnly(error, this.#database.folder));
  }
}

function close({ connection, table }: Opened): void {
  table.close();
  connection.close();
}
