import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorCodes } from '#shared/errors.ts';
import { nullable, text, word } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable } from '../stored-table.ts';

export const failuresDeclaration = declareTable('failures', 'id', {
  /** Made from the three that name it. */
  id: text(),
  /** The path of a file that could not be imported, or the picture that a later stage failed on. */
  subject: text(),
  stage: text(),
  /** The model that failed on it; null for stages without one. */
  modelId: nullable(text()),
  code: word(z.enum(errorCodes)),
  /** For a person. */
  message: text(),
  /** ISO 8601. */
  at: text(),
  /** When it was tried again, or went well; null while it stands. ISO 8601. */
  clearedAt: nullable(text()),
});

/** One stage, with one model, that failed on one photo. */
export type FailureRow = RowOf<typeof failuresDeclaration>;
export type FailureKey = Pick<FailureRow, 'subject' | 'stage' | 'modelId'>;
export type NewFailure = Omit<FailureRow, 'id' | 'at' | 'clearedAt'>;

function idOf({ subject, stage, modelId }: FailureKey): string {
  const hash = createHash('sha256').update(JSON.stringify([subject, stage, modelId]));
  return hash.digest('hex').slice(0, 32);
}

/** What failed, by photo, stage and model: it blocks that stage with that model and nothing else. */
export class FailureTable {
  readonly table: StoredTable<FailureRow>;
  readonly #standing = new Map<string, FailureRow>();

  private constructor(table: StoredTable<FailureRow>) {
    this.table = table;
  }

  static async open(database: Database, onCommit: () => void): Promise<FailureTable> {
    const table = await StoredTable.open(database, failuresDeclaration, onCommit);
    const failures = new FailureTable(table);
    failures.#remember(await table.all());
    return failures;
  }

  /** Those that stand, oldest first. */
  standing(): FailureRow[] {
    return [...this.#standing.values()];
  }

  get count(): number {
    return this.#standing.size;
  }

  has(key: FailureKey): boolean {
    return this.#standing.has(idOf(key));
  }

  async record(failures: readonly NewFailure[]): Promise<void> {
    const at = new Date().toISOString();
    await this.#put(failures.map((each) => ({ ...each, id: idOf(each), at, clearedAt: null })));
  }

  /** Lets these be tried again; what happened stays on record. */
  async clear(keys: Iterable<FailureKey>): Promise<void> {
    const clearedAt = new Date().toISOString();
    const rows = Array.from(keys, (key) => this.#standing.get(idOf(key)));
    await this.#put(rows.filter((row) => row !== undefined).map((row) => ({ ...row, clearedAt })));
  }

  async #put(rows: readonly FailureRow[]): Promise<void> {
    // One that was cleared is in the table, and not in memory.
    const mayBeThere = () => true;
    await this.table.put(rows, mayBeThere, (put) => this.#remember(put));
  }

  #remember(rows: readonly FailureRow[]): void {
    for (const row of rows) {
      if (row.clearedAt === null) this.#standing.set(row.id, row);
      else this.#standing.delete(row.id);
    }
  }
}
