import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Verdict } from '#shared/schemas/photos.ts';
import { nullable, text, word } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable, type CommitListener } from '../stored-table.ts';

export const verdictsDeclaration = declareTable(
  'verdicts',
  'id',
  {
    id: text(),
    captionId: text(),
    assetId: text(),
    verdict: word(Verdict),
    /** `person`, or what decided in a person's place. */
    by: text(),
    /** For a person; null where none was given. */
    reason: nullable(text()),
    /** ISO 8601. */
    createdAt: text(),
  },
  ['captionId'],
);

/** A decision about a caption. */
export type VerdictRow = RowOf<typeof verdictsDeclaration>;
export type NewVerdict = Omit<VerdictRow, 'id' | 'createdAt'>;

/** What the journal keeps of a decision. */
export const VerdictFacts = z.object({ verdict: Verdict, by: z.string() });

/** Decisions about captions: appended, never changed; the last one of a caption holds. */
export class VerdictTable {
  readonly table: StoredTable<VerdictRow>;
  readonly #last = new Map<string, VerdictRow>();

  private constructor(table: StoredTable<VerdictRow>) {
    this.table = table;
  }

  static async open(
    database: Database,
    onCommit: CommitListener<VerdictRow>,
  ): Promise<VerdictTable> {
    const table = await StoredTable.open(database, verdictsDeclaration, onCommit);
    const verdicts = new VerdictTable(table);
    verdicts.#remember(await table.all());
    return verdicts;
  }

  /** The decision that holds for a caption. */
  of(captionId: string): VerdictRow | undefined {
    return this.#last.get(captionId);
  }

  /** Every decision about these captions, oldest first. */
  async allOf(captionIds: readonly string[]): Promise<VerdictRow[]> {
    const rows = await this.table.find('captionId', captionIds);
    return rows.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  }

  async append(verdicts: readonly NewVerdict[]): Promise<void> {
    const now = new Date().toISOString();
    const createdAt = (captionId: string) => {
      // A clock that was set back must not let an earlier decision hold.
      const last = this.#last.get(captionId)?.createdAt ?? now;
      return last > now ? last : now;
    };
    await this.table.append(
      () =>
        verdicts.map((each) => ({
          ...each,
          id: randomUUID(),
          createdAt: createdAt(each.captionId),
        })),
      (added) => this.#remember(added),
    );
  }

  /** Appends decisions as they were made, but for those that are there. */
  async restore(rows: readonly VerdictRow[]): Promise<void> {
    const found = await this.table.find(
      'id',
      rows.map(({ id }) => id),
    );
    const there = new Set(found.map(({ id }) => id));
    await this.table.append(
      () => rows.filter(({ id }) => !there.has(id)),
      (added) => this.#remember(added),
    );
  }

  #remember(rows: readonly VerdictRow[]): void {
    for (const row of rows) {
      const last = this.#last.get(row.captionId);
      if (last === undefined || last.createdAt <= row.createdAt) this.#last.set(row.captionId, row);
    }
  }
}
