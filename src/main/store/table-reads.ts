import type { Table as ArrowTable } from 'apache-arrow';
import { asReadOnly } from '#main/files/read-only.ts';
import type { MedleyError } from '#shared/errors.ts';
import type { Database } from './database.ts';
import { columnNames, decodeRows, decodeWholeRows, type Declaration } from './declaration.ts';
import type { Connection, FullTextQuery, Table } from './lancedb.ts';
import { ReadGate } from './read-gate.ts';
import { storeFailed } from './store-failed.ts';
import { sqlIn } from './sql-text.ts';

/** Values named in one condition: ten thousand take four times as long as a thousand. */
export const valuesAtOnce = 10_000;

/** A table with the connection of its own that it was opened by. */
export interface OpenTable {
  readonly connection: Connection;
  readonly table: Table;
}

/** A row in which words were found, and its BM25 score. */
export type Scored<Row> = Row & { readonly score: number };

/** A row found near a vector, and its cosine distance. */
export type Near<Row> = Row & { readonly distance: number };

/** What can be asked of a table. */
export class TableReads<Row> {
  readonly name: string;
  protected readonly declaration: Declaration<Row>;
  protected readonly database: Database;
  protected opened: OpenTable;
  /** Shut while old versions are deleted. */
  protected readonly gate = new ReadGate();

  protected constructor(database: Database, declaration: Declaration<Row>, opened: OpenTable) {
    this.name = declaration.name;
    this.database = database;
    this.declaration = declaration;
    this.opened = opened;
  }

  /** Some columns of every row. */
  async columns<K extends keyof Row & string>(names: readonly K[]): Promise<Pick<Row, K>[]> {
    const rows: Pick<Row, K>[] = [];
    for await (const some of this.batches(names)) rows.push(...some);
    return rows;
  }

  /**
   * The same, some rows at a time: a large table keeps nothing else waiting meanwhile. Whoever takes them must not
   * wait for a write, which waits for the last of them.
   */
  async *batches<K extends keyof Row & string>(
    names: readonly K[],
  ): AsyncGenerator<Pick<Row, K>[], void> {
    await this.gate.enter();
    try {
      const query = this.opened.table.query().select([...names]);
      for await (const batch of query) {
        yield decodeRows(this.declaration, names, batch);
      }
    } catch (error) {
      throw this.failed(error);
    } finally {
      this.gate.leave();
    }
  }

  async all(): Promise<Row[]> {
    const names = columnNames(this.declaration);
    const result = await this.#read(() => this.opened.table.query().select(names).toArrow());
    return decodeWholeRows(this.declaration, result);
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
    names: readonly (keyof Row & string)[] = columnNames(this.declaration),
  ): Promise<unknown[]> {
    const rows: unknown[] = [];
    for (let start = 0; start < values.length; start += valuesAtOnce) {
      const where = sqlIn(column, values.slice(start, start + valuesAtOnce));
      const query = () => this.opened.table.query().where(where);
      const result = await this.#read(() =>
        query()
          .select([...names])
          .toArrow(),
      );
      rows.push(...decodeRows(this.declaration, names, result));
    }
    return rows;
  }

  /** Some columns of the rows that an SQL condition holds of. */
  async where<K extends keyof Row & string>(
    condition: string,
    names: readonly K[],
  ): Promise<Pick<Row, K>[]> {
    const query = () => this.opened.table.query().where(condition);
    const result = await this.#read(() =>
      query()
        .select([...names])
        .toArrow(),
    );
    return decodeRows(this.declaration, names, result);
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
      const query = this.opened.table
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
    const rows = decodeRows(this.declaration, names, result);
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
      const query = this.opened.table
        .query()
        .fullTextSearch(words)
        .select([...names, '_score'])
        .limit(limit);
      return (condition === null ? query : query.where(condition)).toArrow();
    });
    const scores = Array.from<unknown, number>(result.getChild('_score') ?? [], Number);
    const rows = decodeRows(this.declaration, names, result);
    return rows.map((row, i) => ({ ...row, score: scores[i] }));
  }

  /** @param condition in SQL, of the rows that count */
  async countRows(condition?: string): Promise<number> {
    return await this.#read(() => this.opened.table.countRows(condition));
  }

  async #read<T extends ArrowTable | number>(query: () => Promise<T>): Promise<T> {
    await this.gate.enter();
    try {
      return await query();
    } catch (error) {
      throw this.failed(error);
    } finally {
      this.gate.leave();
    }
  }

  protected failed(error: unknown): MedleyError {
    return storeFailed(this.name, asReadOnly(error, this.database.folder));
  }
}
