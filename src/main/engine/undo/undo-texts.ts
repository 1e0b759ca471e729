import { z } from 'zod';
import { Verdict } from '#shared/schemas/photos.ts';
import type { Store } from '#main/store/store.ts';
import type { Batch, JournalRow } from '#main/store/tables/journal.ts';
import type { NewVerdict } from '#main/store/tables/verdicts.ts';

const person = 'person';
const Decided = z.object({ verdict: Verdict });

/** What came of taking back what was done to texts, each told by its caption's id. */
export interface UndoneTexts {
  readonly restored: readonly string[];
  /** Decided about since, and left as they are. */
  readonly left: readonly string[];
}

/**
 * Takes back what a batch did to texts. One that it added is rejected, since a text is never removed; a
 * decision gives way to the one that held before.
 *
 * @param rows of the batch
 * @param batch the one that takes it back
 */
export async function undoTexts(
  store: Store,
  rows: readonly JournalRow[],
  batch: Batch,
): Promise<UndoneTexts> {
  const { captions, verdicts } = store.tables;
  const changed = rows.filter(({ kind }) => kind === 'caption-added' || kind === 'verdict');
  const bySubject = Map.groupBy(changed, ({ subject }) => subject);
  const known = await captions.table.find('id', [...bySubject.keys()]);
  const decisions: NewVerdict[] = [];
  const left: string[] = [];
  for (const { id, assetId, origin } of known) {
    const changes = bySubject.get(id) ?? [];
    const last = decidedIn(changes.findLast(({ kind }) => kind === 'verdict')?.after ?? null);
    if (verdicts.of(id)?.verdict !== last) left.push(id);
    else {
      const verdict = verdictBefore(changes, origin === person);
      decisions.push({ captionId: id, assetId, verdict, by: person, reason: null });
    }
  }
  await store.changeTexts(batch, { captions: [], verdicts: decisions });
  return { restored: decisions.map(({ captionId }) => captionId), left };
}

function verdictBefore(changes: readonly JournalRow[], isPersons: boolean): Verdict {
  if (changes.some(({ kind }) => kind === 'caption-added')) return 'rejected';
  const before = decidedIn(changes.find(({ kind }) => kind === 'verdict')?.before ?? null);
  // A person's own text of which nothing was decided stands.
  return before ?? (isPersons ? 'confirmed' : 'withdrawn');
}

function decidedIn(facts: JournalRow['before']): Verdict | undefined {
  return facts === null ? undefined : Decided.parse(facts).verdict;
}
