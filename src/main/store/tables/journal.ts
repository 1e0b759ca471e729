import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { json, nullable, text, word } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable } from '../stored-table.ts';

/**
 * What can change: a caption, what is thought of one, a file, an answer about a page of a website; or a batch is
 * taken back, which is its subject.
 */
export const ChangeKind = z.enum([
  'caption-added',
  'verdict',
  'file-changed',
  'file-moved',
  'file-missing',
  'file-back',
  'file-written',
  'page-answered',
  'undone',
]);
export type ChangeKind = z.infer<typeof ChangeKind>;

const Facts = z.record(z.string(), z.unknown());

export const journalDeclaration = declareTable('journal', 'id', {
  id: text(),
  /** What was done at once, and can be undone at once. */
  batchId: text(),
  /** ISO 8601. */
  at: text(),
  /** `person`, or the name of the stage. */
  actor: text(),
  kind: word(ChangeKind),
  assetId: nullable(text()),
  /** Id of the caption, of the place in a page or of the batch, or path of the file. */
  subject: text(),
  /** What was there before; null where nothing was. */
  before: nullable(json(Facts)),
  after: nullable(json(Facts)),
});

/** One change, with what was there before it. */
export type JournalRow = RowOf<typeof journalDeclaration>;
export type Change = Omit<JournalRow, 'id' | 'at' | 'batchId' | 'actor'>;

/** Who makes changes, and which of them belong together. */
export interface Batch {
  readonly id: string;
  readonly actor: string;
}

/** Begins a batch of changes. @param actor `person`, or the name of a stage */
export function newBatch(actor: string): Batch {
  return { id: randomUUID(), actor };
}

/** Changes older than this cannot be undone any more. */
const keepDays = 180;
/** Nor more than the newest so many. */
const keepRows = 200_000;

/** Every change that a person or a job makes to captions and files: what undo reads. */
export class Journal {
  readonly table: StoredTable<JournalRow>;

  private constructor(table: StoredTable<JournalRow>) {
    this.table = table;
  }

  static async open(database: Database, onCommit: () => void): Promise<Journal> {
    return new Journal(await StoredTable.open(database, journalDeclaration, onCommit));
  }

  async record({ id: batchId, actor }: Batch, changes: readonly Change[]): Promise<void> {
    const at = new Date().toISOString();
    const rows = changes.map((change) => ({ ...change, id: randomUUID(), batchId, at, actor }));
    await this.table.append(
      () => rows,
      () => {},
    );
  }

  /** The changes of a batch, oldest first. */
  async ofBatch(batchId: string): Promise<JournalRow[]> {
    const rows = await this.table.find('batchId', [batchId]);
    return rows.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** Forgets changes that are too old, or too many. @param now milliseconds since 1970 */
  async prune(now: number, most = keepRows): Promise<void> {
    const tooOld = new Date(now - keepDays * 24 * 3600_000).toISOString();
    const count = await this.table.countRows();
    const times = count > most ? await this.table.columns(['at']) : [];
    const oldestKept = times.map(({ at }) => at).toSorted()[times.length - most] ?? '';
    const before = oldestKept > tooOld ? oldestKept : tooOld;
    if (count > 0) await this.table.removeBelow('at', before);
  }
}
