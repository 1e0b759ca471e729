import {
  bytesChange,
  type FailedWrite,
  type FileChange,
} from '#main/store/file-writes/file-change.ts';
import { writeFiles } from '#main/store/file-writes/write-files.ts';
import type { Store } from '#main/store/store.ts';
import type { Batch } from '#main/store/tables/journal.ts';

/** A page with other texts than it has. */
export interface PageToWrite {
  /** Absolute. */
  readonly path: string;
  readonly before: Buffer;
  readonly after: Buffer;
}

export interface WritePagesOptions {
  readonly batch: Batch;
  readonly signal?: AbortSignal | undefined;
  /** Hears how many pages are done, written or failed, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly onFailed?: (failed: FailedWrite) => void;
}

/**
 * Writes pages, each whole or not at all, as one batch that can be taken back. One that changed since it was
 * read is left as it is.
 *
 * @returns the paths of those that were written
 * @throws MedleyError `disk-full`, `folder-read-only` where the library cannot be written; the signal's reason
 */
export async function writePages(
  { tables, undo }: Store,
  pages: readonly PageToWrite[],
  { batch, signal, onProgress = () => {}, onFailed = () => {} }: WritePagesOptions,
): Promise<string[]> {
  const written: string[] = [];
  let failed = 0;
  const tell = () => onProgress(written.length + failed, pages.length);
  tell();
  await writeFiles(
    pages.map(({ path, before, after }): FileChange => bytesChange(path, before, after)),
    {
      journal: tables.journal,
      undo,
      batch,
      signal,
      onWritten: async (changes) => {
        written.push(...changes.map(({ path }) => path));
        tell();
      },
      onFailed: (failure) => {
        failed += 1;
        onFailed(failure);
        tell();
      },
    },
  );
  return written;
}
