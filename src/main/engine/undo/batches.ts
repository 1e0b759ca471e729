import type { Store } from '#main/store/store.ts';
import type { ChangeKind, JournalRow } from '#main/store/tables/journal.ts';

const person = 'person';
const undoable: readonly ChangeKind[] = [
  'caption-added',
  'verdict',
  'page-answered',
  'file-written',
];

/** What a person did at once, and can take back at once. */
export interface UndoableBatch {
  readonly id: string;
  /** When it began, ISO 8601. */
  readonly at: string;
  /** Texts that it added or decided about. */
  readonly texts: number;
  /** Files that it wrote. */
  readonly files: number;
  /** The batch that it took back; null for most. */
  readonly undoes: string | null;
  /** Whether another batch took it back, and stands. */
  readonly undone: boolean;
}

/** What a person did, newest first. */
export async function listBatches({ tables }: Store): Promise<UndoableBatch[]> {
  const rows = await tables.journal.table.find('actor', [person]);
  const batches = [...Map.groupBy(rows, ({ batchId }) => batchId)]
    .map(([id, changes]) => batchOf(id, changes))
    .filter(({ texts, files }) => texts + files > 0)
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const standing = new Set<string>();
  // Newest first: whether the one that took a batch back stands is known when that batch is met.
  return batches.map((batch) => {
    const undone = standing.has(batch.id);
    if (batch.undoes !== null && !undone) standing.add(batch.undoes);
    return { ...batch, undone };
  });
}

function batchOf(id: string, rows: readonly JournalRow[]): Omit<UndoableBatch, 'undone'> {
  const changes = rows.filter(({ kind }) => undoable.includes(kind));
  const subjects = (isFile: boolean) =>
    new Set(
      changes
        .filter(({ kind }) => (kind === 'file-written') === isFile)
        .map(({ subject }) => subject),
    ).size;
  return {
    id,
    at: rows.reduce((first, { at }) => (at < first ? at : first), rows[0]?.at ?? ''),
    texts: subjects(false),
    files: subjects(true),
    undoes: rows.find(({ kind }) => kind === 'undone')?.subject ?? null,
  };
}
