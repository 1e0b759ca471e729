import type { CaptionRow } from './tables/captions.ts';
import type { Batch, Change } from './tables/journal.ts';
import type { Tables } from './tables/tables.ts';
import type { NewVerdict } from './tables/verdicts.ts';

/** What one act adds. */
export interface TextChanges {
  readonly captions: readonly CaptionRow[];
  /** At most one of a caption. */
  readonly verdicts: readonly NewVerdict[];
}

/**
 * Adds captions, but for those that are there, and decisions about captions, with what was there before in
 * the journal.
 *
 * @returns whether a person did any of that
 */
export async function changeTexts(
  { captions, journal, verdicts }: Tables,
  batch: Batch,
  changes: TextChanges,
): Promise<boolean> {
  const fresh = changes.captions.filter((row) => !captions.has(row));
  // The journal first: whatever is changed can be taken back.
  await journal.record(batch, [
    ...fresh.map(({ id, assetId, text, origin }): Change => ({
      kind: 'caption-added',
      assetId,
      subject: id,
      before: null,
      after: { text, origin },
    })),
    ...changes.verdicts.map((decision): Change => {
      const before = verdicts.of(decision.captionId);
      return {
        kind: 'verdict',
        assetId: decision.assetId,
        subject: decision.captionId,
        before: before === undefined ? null : { verdict: before.verdict, by: before.by },
        after: { verdict: decision.verdict, by: decision.by, reason: decision.reason },
      };
    }),
  ]);
  await captions.append(fresh);
  await verdicts.append(changes.verdicts);
  return (
    fresh.some(({ origin }) => origin === 'person') ||
    changes.verdicts.some(({ by }) => by === 'person')
  );
}
