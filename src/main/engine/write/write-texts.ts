import type { WriteSettings } from '#shared/schemas/review-writes.ts';
import { MetadataWriter } from '#main/library/write/metadata-writer.ts';
import type { WrittenTexts } from '#main/library/write/written-text.ts';
import { isSameFile } from '#main/library/known-folder.ts';
import type { FailedWrite, FileChange } from '#main/store/file-writes/file-change.ts';
import { writeFiles } from '#main/store/file-writes/write-files.ts';
import type { Store } from '#main/store/store.ts';
import type { Batch } from '#main/store/tables/journal.ts';
import { FileRefresher } from './file-refresher.ts';
import { pendingTexts, type TextToWrite } from './pending-texts.ts';

export interface WriteTextsOptions extends WriteSettings {
  readonly batch: Batch;
  /** The photos whose texts are written; left out, all. */
  readonly photoIds?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
  /** Hears how many files are done, written or failed, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly onFailed?: (failed: FailedWrite) => void;
}

/**
 * Writes into files what {@link pendingTexts} says that they are to say. It can be stopped between two
 * files, goes on where it was when it is begun again, and can be taken back as one batch.
 *
 * @throws MedleyError `disk-full`, `folder-read-only` where the library cannot be written; the signal's reason
 */
export async function writeTexts(store: Store, options: WriteTextsOptions): Promise<void> {
  const { batch, photoIds, signal, onProgress = () => {}, onFailed = () => {} } = options;
  const all = await pendingTexts(store, options.target);
  const pending = all.filter(({ photoId }) => photoIds?.has(photoId) ?? true);
  const files = [...Map.groupBy(pending, ({ file }) => file).values()];
  let done = 0;
  const count = (more: number) => {
    done += more;
    onProgress(done, files.length);
  };
  count(0);
  if (files.length === 0) return;
  const writer = await MetadataWriter.open();
  const refresher = new FileRefresher(store);
  try {
    await writeFiles(
      files.map((texts) => changeOf(texts, writer, options)),
      {
        journal: store.tables.journal,
        undo: store.undo,
        batch,
        signal,
        onWritten: async (changes) => {
          await refresher.refresh(changes.map(({ path }) => path));
          count(changes.length);
        },
        onFailed: (failed) => {
          onFailed(failed);
          count(1);
        },
      },
    );
  } finally {
    await Promise.all([writer.close(), refresher.close()]);
  }
}

function changeOf(
  pending: readonly TextToWrite[],
  writer: MetadataWriter,
  { keepTimes, mark }: WriteSettings,
): FileChange {
  const [{ file, photoId, row }] = pending;
  const texts: WrittenTexts = Object.fromEntries(
    pending.map(({ purpose, after, modelId }) => [purpose, { text: after, modelId }]),
  );
  return {
    path: file,
    assetId: photoId,
    // A file that the library has not seen as it is says what nobody has looked at.
    isExpected: (found) =>
      row === null || found === null ? row === found : isSameFile(row, found),
    make: (source, target) => writer.write(source, target, texts, { mark }),
    ...(keepTimes && { modified: 'kept' }),
  };
}
