import { stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { importStage } from '#main/store/record-imports.ts';
import { metadataVersion } from './metadata/photo-metadata.ts';
import type { Attached } from './metadata/said.ts';
import type { Store } from '#main/store/store.ts';
import type { FileRow } from '#main/store/tables/files.ts';
import { walkPictures } from './walk.ts';
import type { FoundFile, FoundProblem } from './walk.ts';

/** A file to import. */
export type ScannedFile = FoundFile & {
  readonly root: string;
  /** The library has seen another content at this path. */
  readonly changed: boolean;
  /** The files beside it that speak of it. */
  readonly attached: readonly Attached[];
};

export interface ScanCounts {
  /** Picture files met so far. */
  readonly seen: number;
  /** Of those, the ones known already, imported or failed. */
  readonly unchanged: number;
  /** Files and folders that could not be read. */
  readonly failed: number;
}

const atOnce = 64;

/**
 * Compares a folder of photos with what the library knows of it, and yields the files to import.
 * Unchanged files cost a stat. What cannot be read is recorded as failed. Only when the scan is
 * exhausted are files that vanished recorded as missing: breaking off early changes nothing.
 *
 * @param root Absolute path of the folder.
 * @throws MedleyError `folder-missing` (its files are recorded as unreachable, and none is
 *   forgotten); `file-unreadable`.
 */
export async function* scanFolder(
  store: Store,
  root: string,
  onProgress: (counts: ScanCounts) => void,
): AsyncGenerator<ScannedFile, void> {
  const met = new Set<string>();
  const back: FileRow[] = [];
  const problems: FoundProblem[] = [];
  const counts = { seen: 0, unchanged: 0, failed: 0 };
  try {
    for await (const entry of walkPictures(root, store.paths.root)) {
      met.add(entry.path);
      if (entry.kind === 'problem') {
        counts.failed += 1;
        problems.push(entry);
        onProgress({ ...counts });
        continue;
      }
      counts.seen += 1;
      const known = store.tables.files.get(entry.path);
      const unchanged = known !== undefined && isSame(known, entry) && isDone(store, known);
      if (unchanged) counts.unchanged += 1;
      onProgress({ ...counts });
      if (!unchanged) {
        const changed = known !== undefined && !isSame(known, entry);
        yield { ...entry, root, changed, attached: [] };
      } else if (known.missing !== null) {
        back.push({ ...known, root });
        if (back.length >= atOnce) await store.setMissing(back.splice(0), null);
      }
    }
  } catch (error) {
    if (error instanceof MedleyError && error.code === 'folder-missing') {
      await store.setMissing(filesBelow(store, root), 'unreachable');
    }
    throw error;
  }
  await store.setMissing(back, null);
  await recordProblems(store, root, met, problems);
  await recordVanished(store, root, met, problems);
}

/** Whether a file is as it was seen last; where ctime is not known, a write that hides is missed. */
function isSame({ size, mtimeMs, ctimeMs }: FileRow, found: FoundFile): boolean {
  return (
    size === found.size &&
    mtimeMs === found.mtimeMs &&
    (ctimeMs === null || ctimeMs === found.ctimeMs)
  );
}

/** Whether everything was read of a file, or it failed and nobody asked to try again. */
function isDone({ tables }: Store, { path, contentId }: FileRow): boolean {
  if (contentId === null) {
    return tables.failures.has({ subject: path, stage: importStage, modelId: null });
  }
  const content = tables.contents.get(contentId);
  return (
    content !== undefined &&
    content.metadataRead &&
    content.metadataVersion === metadataVersion &&
    content.pixels !== null
  );
}

/** Records what could not be read now, and lets go of what could not be read before. */
async function recordProblems(
  { tables: { failures, files } }: Store,
  root: string,
  met: ReadonlySet<string>,
  problems: readonly FoundProblem[],
): Promise<void> {
  const paths = new Set(problems.map(({ path }) => path));
  const mended = failures
    .standing()
    .filter(
      ({ subject, stage }) =>
        stage === importStage &&
        isBelow(root, subject) &&
        !paths.has(subject) &&
        (!met.has(subject) || files.get(subject)?.contentId !== null),
    );
  await failures.clear(mended);
  await failures.record(
    problems
      .map(({ path, error: { code, message } }) => ({
        subject: path,
        stage: importStage,
        modelId: null,
        code,
        message,
      }))
      .filter((failure) => !failures.has(failure)),
  );
}

/**
 * Records known files of the folder that were not met, but for those inside what could not be read.
 * A folder that is empty on another device than before is a disk that is not connected.
 */
async function recordVanished(
  store: Store,
  root: string,
  met: ReadonlySet<string>,
  problems: readonly FoundProblem[],
): Promise<void> {
  const hidden = (path: string) => problems.some((problem) => isBelow(problem.path, path));
  const gone = filesBelow(store, root).filter(({ path }) => !met.has(path) && !hidden(path));
  if (met.size === 0 && (await isOtherDevice(root, gone))) {
    return store.setMissing(gone, 'unreachable');
  }
  const { files } = store.tables;
  /** Where a photo lies whose file is gone from here. */
  const elsewhere = ({ path, contentId, assetId }: FileRow) =>
    files
      .ofAsset(assetId ?? '')
      .find(
        (other) =>
          other.path !== path &&
          other.missing === null &&
          met.has(other.path) &&
          other.contentId === contentId,
      )?.path ?? null;
  const left = gone.map((row) => ({ row, now: elsewhere(row) }));
  const isForgotten = ({ row, now }: (typeof left)[number]) => now !== null || row.assetId === null;
  await store.setMissing(
    left.filter((each) => !isForgotten(each)).map(({ row }) => row),
    'vanished',
  );
  await store.forgetFiles(left.filter(isForgotten));
}

function filesBelow({ tables }: Store, root: string): FileRow[] {
  return [...tables.files.all()].filter((row) => row.root === root);
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

async function isOtherDevice(root: string, rows: readonly FileRow[]): Promise<boolean> {
  const { dev } = await stat(root);
  return rows.some(({ inode }) => inode !== null && !inode.startsWith(`${dev}:`));
}
