import { isInFolder } from '#main/files/in-folder.ts';
import { importStage } from './record-imports.ts';
import { isTextRole, type FileRow, type Missing } from './tables/files.ts';
import { newBatch, type Change } from './tables/journal.ts';
import type { Tables } from './tables/tables.ts';

/** Records that files are not where they were, or are back; their photos are never forgotten. */
export async function setMissing(
  { files, journal }: Tables,
  rows: readonly FileRow[],
  missing: Missing | null,
): Promise<void> {
  const changed = rows.filter((row) => row.missing !== missing);
  if (changed.length === 0) return;
  const now = new Date().toISOString();
  const since = (row: FileRow) => (missing === null ? null : (row.missingSince ?? now));
  await journal.record(
    newBatch(importStage),
    changed.map((row): Change => ({
      kind: missing === null ? 'file-back' : 'file-missing',
      assetId: row.assetId,
      subject: row.path,
      before: { missing: row.missing },
      after: { missing },
    })),
  );
  await files.put(changed.map((row) => ({ ...row, missing, missingSince: since(row) })));
}

/** Records files that Medley does not read, so that they are told of and not opened again. */
export async function leaveOut(
  { failures, files }: Tables,
  rows: readonly FileRow[],
): Promise<void> {
  await files.put(rows);
  await failures.clear(
    rows.map(({ path }) => ({ subject: path, stage: importStage, modelId: null })),
  );
}

/** Has the next import of a file with one of these contents read what is said of it. */
export async function readAgain(
  { contents }: Tables,
  contentIds: readonly string[],
): Promise<void> {
  const rows = await contents.rows(contentIds);
  await contents.put([...rows.values()].map((row) => ({ ...row, metadataRead: false })));
}

/** A path that says nothing any more. */
export interface LeftPath {
  readonly row: FileRow;
  /** Where its photo lies now; null where none was ever read there. */
  readonly now: string | null;
}

/** Forgets paths that say nothing any more. */
export async function forgetFiles(
  { files, journal, observations }: Tables,
  left: readonly LeftPath[],
): Promise<void> {
  const moved = left.filter(({ now }) => now !== null);
  await journal.record(
    newBatch(importStage),
    moved.map(({ row, now }): Change => ({
      kind: 'file-moved',
      assetId: row.assetId,
      subject: now ?? row.path,
      before: { path: row.path },
      after: { path: now },
    })),
  );
  await files.remove(left.map(({ row }) => row.path));
  const texts = left.filter(({ row }) => isTextRole(row.role));
  await observations.forgetFiles(texts.map(({ row }) => row.path));
}

/**
 * Lets go of the files of a folder that is taken out of the library, but for those that lie in a folder
 * that stays. What is known of its photos is there again when they are met again.
 *
 * @param staying the folders of photos that the library keeps
 */
export async function removeFolder(
  tables: Tables,
  folder: string,
  staying: readonly string[],
): Promise<void> {
  const { failures, files } = tables;
  const homeOf = (path: string) => staying.find((other) => isInFolder(other, path));
  const own = [...files.all()].filter(({ root }) => root === folder);
  const left = own.filter(({ path }) => homeOf(path) === undefined);
  await files.put(
    own.flatMap((row) => {
      const root = homeOf(row.path);
      return root === undefined ? [] : [{ ...row, root }];
    }),
  );
  await setMissing(
    tables,
    left.filter(({ assetId }) => assetId !== null),
    'vanished',
  );
  await forgetFiles(
    tables,
    left.filter(({ assetId }) => assetId === null).map((row) => ({ row, now: null })),
  );
  await failures.clear(
    failures
      .standing()
      .filter(
        ({ subject, stage }) =>
          stage === importStage &&
          (subject === folder || isInFolder(folder, subject)) &&
          homeOf(subject) === undefined,
      ),
  );
}
