import { MedleyError } from '#shared/errors.ts';
import type { FailedWrite } from '#main/store/file-writes/file-change.ts';
import { undoFiles } from '#main/store/file-writes/undo-files.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { undoTexts } from '#main/store/undo-texts.ts';
import { FileRefresher } from '../write/file-refresher.ts';

/** What came of taking a batch back. */
export interface UndoneBatch {
  /** The batch by which that is taken back in turn. */
  readonly batchId: string;
  /** Texts that are as they were, each by the id of its caption, or of its place in a page. */
  readonly texts: readonly string[];
  /** Files that are as they were. */
  readonly files: readonly string[];
  /** The photos that any of this is about. */
  readonly assetIds: readonly string[];
  /** Texts that were decided about since, and files that changed since or could not be written: left as they are. */
  readonly left: { readonly texts: readonly string[]; readonly files: readonly FailedWrite[] };
}

/**
 * Takes back what was done at once: decisions about texts, texts that were added, answers about pages, and files
 * that were written, byte for byte. What changed since is left. Taking back is a batch too, and can be taken back.
 *
 * @throws MedleyError `bad-request` for a batch that the journal does not know (any more)
 */
export async function undoBatch(store: Store, batchId: string): Promise<UndoneBatch> {
  const { journal } = store.tables;
  const rows = await journal.ofBatch(batchId);
  if (rows.length === 0) {
    throw new MedleyError(
      'bad-request',
      `There is nothing to take back under ${batchId}. "medley undo" lists what can be.`,
      { subject: batchId },
    );
  }
  const batch = newBatch('person');
  const [{ assetId }] = rows;
  await journal.record(batch, [
    { kind: 'undone', assetId, subject: batchId, before: null, after: null },
  ]);
  const texts = await undoTexts(store.tables, rows, batch);
  await store.backUpDecisions();
  const answers = await store.siteAnswers.undo(rows, batch);
  const files: string[] = [];
  const assetIds = new Set(texts.assetIds);
  const failed: FailedWrite[] = [];
  const refresher = new FileRefresher(store);
  try {
    await undoFiles(rows, {
      journal,
      undo: store.undo,
      batch,
      onWritten: async (changes) => {
        const paths = changes.map(({ path }) => path);
        for (const { assetId } of changes) if (assetId !== null) assetIds.add(assetId);
        files.push(...paths);
        await refresher.refresh(paths);
      },
      onFailed: (failure) => void failed.push(failure),
    });
  } finally {
    await refresher.close();
  }
  return {
    batchId: batch.id,
    texts: [...texts.restored, ...answers.restored],
    files,
    assetIds: [...assetIds],
    left: { texts: [...texts.left, ...answers.left], files: failed },
  };
}
