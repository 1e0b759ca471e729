import { changeTexts } from './change-texts.ts';
import type { Batch, JournalRow } from './tables/journal.ts';
import type { Tables } from './tables/tables.ts';
import { VerdictFacts, type NewVerdict } from './tables/verdicts.ts';

/** What came of taking back what was done to captions, each told by its id. */
export interface UndoneTexts {
  /** As they were before. */
  readonly restored: readonly string[];
  /** Decided about since, and left as they are. */
  readonly left: readonly string[];
  /** The photos whose captions were restored. */
  readonly assetIds: readonly string[];
}

const person = 'person';

/**
 * Takes back what a batch did to captions. A caption that it added is rejected: a text is never removed. A
 * decision gives way to the one that held before.
 *
 * @param rows of the batch
 * @param batch the one that takes it back
 */
export async function undoTexts(
  tables: Tables,
  rows: readonly JournalRow[],
  batch: Batch,
): Promise<UndoneTexts> {
  const bySubject = Map.groupBy(
    rows.filter(({ kind }) => kind === 'caption-added' || kind === 'verdict'),
    ({ subject }) => subject,
  );
  const added = await tables.captions.table.find('id', [...bySubject.keys()]);
  const origins = new Map(added.map(({ id, origin }) => [id, origin]));
  const own = [...bySubject].filter(([id]) => origins.has(id));
  const untouched = own.filter(([id, changes]) => stands(tables, id, changes));
  const verdicts = untouched.map(([captionId, changes]): NewVerdict => ({
    captionId,
    assetId: changes[0].assetId ?? '',
    verdict: verdictBefore(changes, origins.get(captionId) === person),
    by: person,
    reason: null,
  }));
  await changeTexts(tables, batch, { captions: [], verdicts });
  const restored = verdicts.map(({ captionId }) => captionId);
  return {
    restored,
    left: own.flatMap(([id]) => (restored.includes(id) ? [] : [id])),
    assetIds: [...new Set(verdicts.map(({ assetId }) => assetId))],
  };
}

/** Whether what the batch decided of a caption is what holds. */
function stands({ verdicts }: Tables, captionId: string, changes: readonly JournalRow[]): boolean {
  const last = changes.findLast(({ kind }) => kind === 'verdict');
  const left = last === undefined ? undefined : VerdictFacts.parse(last.after).verdict;
  return verdicts.of(captionId)?.verdict === left;
}

function verdictBefore(changes: readonly JournalRow[], byPerson: boolean): NewVerdict['verdict'] {
  if (changes.some(({ kind }) => kind === 'caption-added')) return 'rejected';
  const before = changes.find(({ kind }) => kind === 'verdict')?.before ?? null;
  if (before !== null) return VerdictFacts.parse(before).verdict;
  // Of a person's own text, nothing decided means that it is shown.
  return byPerson ? 'confirmed' : 'withdrawn';
}
