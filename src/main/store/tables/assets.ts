import { text } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable } from '../stored-table.ts';

export const assetsDeclaration = declareTable('assets', 'id', {
  /** The id of the first content it had: 32 hex digits. */
  id: text(),
  /** ISO 8601. */
  addedAt: text(),
});

/** What a person calls a photo: it survives edits, renames, moves and copies of its files. */
export type AssetRow = RowOf<typeof assetsDeclaration>;

/** Every asset there ever was; none is forgotten because its disk is not there. */
export class AssetTable {
  readonly table: StoredTable<AssetRow>;
  readonly #ids: Set<string>;

  private constructor(table: StoredTable<AssetRow>, ids: Set<string>) {
    this.table = table;
    this.#ids = ids;
  }

  static async open(database: Database, onCommit: () => void): Promise<AssetTable> {
    const table = await StoredTable.open(database, assetsDeclaration, onCommit);
    const rows = await table.columns(['id']);
    return new AssetTable(table, new Set(rows.map(({ id }) => id)));
  }

  ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** Appends the assets that are not there yet. */
  async append(rows: readonly AssetRow[]): Promise<void> {
    await this.table.append(
      () => rows.filter(({ id }) => !this.#ids.has(id)),
      (added) => {
        for (const { id } of added) this.#ids.add(id);
      },
    );
  }
}
