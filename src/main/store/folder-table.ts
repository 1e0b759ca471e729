import type { Connection } from '@lancedb/lancedb';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { stringColumn } from './arrow-columns.ts';
import { StoredTable } from './stored-table.ts';

const schema = new Schema([
  new Field('path', new Utf8(), false),
  new Field('addedAt', new Utf8(), false),
]);

/** The folders of photos that the person added. */
export class FolderTable {
  readonly #table: StoredTable;
  readonly #paths: Set<string>;

  private constructor(table: StoredTable, paths: Set<string>) {
    this.#table = table;
    this.#paths = paths;
  }

  static async open(database: Connection): Promise<FolderTable> {
    const table = await StoredTable.open(database, 'folders', schema, 'path');
    const paths = stringColumn(await table.read({ columns: ['path'] }), 'path');
    return new FolderTable(table, new Set(paths));
  }

  /** Absolute paths, in the order they were added. */
  all(): string[] {
    return [...this.#paths];
  }

  async add(path: string): Promise<void> {
    const choose = () =>
      this.#paths.has(path) ? [] : [{ path, addedAt: new Date().toISOString() }];
    await this.#table.append(choose, () => this.#paths.add(path));
  }

  async optimize(exclusively: boolean): Promise<void> {
    await this.#table.optimize(exclusively);
  }

  async close(): Promise<void> {
    await this.#table.close();
  }
}
