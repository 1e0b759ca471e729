import type { FileRow } from '#main/store/file-table.ts';
import type { Store } from '#main/store/store.ts';
import { walkPictures } from './walk.ts';
import type { FoundFile, FoundProblem } from './walk.ts';

/** A file to import: new, or changed since it was last seen. */
export type ScannedFile = FoundFile & { readonly root: string };

export interface ScanCounts {
  /** Picture files met so far. */
  readonly seen: number;
  /** Of those, the ones known already, imported or failed. */
  readonly unchanged: number;
  /** Files and folders that could not be read. */
  readonly failed: number;
}

const PUT_AT_ONCE = 64;

/**
 * Compares a folder of photos with what the library knows of it, and yields the files to import.
 * Unchanged files (size and modification time) cost a stat. What cannot be read is recorded as
 * failed. Only when the scan is exhausted are files that vanished forgotten: breaking off early
 * forgets nothing.
 *
 * @param root Absolute path of the folder.
 * @throws MedleyError `folder-missing`, so that an unplugged disk loses nothing; `file-unreadable`.
 */
export async function* scanFolder(
  store: Store,
  root: string,
  onProgress: (counts: ScanCounts) => void,
): AsyncGenerator<ScannedFile, void> {
  const met = new Set<string>();
  const unreadable: string[] = [];
  const failures: FileRow[] = [];
  const counts = { seen: 0, unchanged: 0, failed: 0 };
  for await (const entry of walkPictures(root, store.paths.root)) {
    met.add(entry.path);
    if (entry.kind === 'problem') {
      counts.failed += 1;
      unreadable.push(entry.path);
      const row = failureRow(entry, root);
      if (!isRecorded(store.files.get(entry.path), row)) failures.push(row);
      if (failures.length >= PUT_AT_ONCE) await store.files.put(failures.splice(0));
      onProgress({ ...counts });
      continue;
    }
    counts.seen += 1;
    const known = store.files.get(entry.path);
    const unchanged = known?.size === entry.size && known.mtimeMs === entry.mtimeMs;
    if (unchanged) counts.unchanged += 1;
    onProgress({ ...counts });
    if (!unchanged) yield { ...entry, root };
  }
  await store.files.put(failures);
  await store.files.remove(vanished(store, root, met, unreadable));
}

/** Known files of the folder that were not met, but for those inside what could not be read. */
function vanished(
  store: Store,
  root: string,
  met: ReadonlySet<string>,
  unreadable: readonly string[],
): string[] {
  const hidden = (path: string) =>
    unreadable.some((folder) => path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`));
  return [...store.files.all()]
    .filter((row) => row.root === root && !met.has(row.path) && !hidden(row.path))
    .map((row) => row.path);
}

function failureRow({ path, error }: FoundProblem, root: string): FileRow {
  const failure = { stage: 'scan' as const, code: error.code, message: error.message };
  return { path, root, size: 0, mtimeMs: 0, photoId: null, failure };
}

function isRecorded(known: FileRow | undefined, row: FileRow): boolean {
  return known?.failure?.message === row.failure?.message && known?.root === row.root;
}
