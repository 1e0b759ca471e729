import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asDiskFull } from '#main/files/disk-full.ts';
import { asReadOnly } from '#main/files/read-only.ts';
import { syncFolder } from '#main/files/sync.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Batch, Change, Journal } from '../tables/journal.ts';
import type { FailedWrite, FileChange } from './file-change.ts';
import { realPathOf, requireUnchanged, stageFile, type StagedFile } from './stage-file.ts';
import type { UndoFolder } from './undo-folder.ts';
import type { WrittenAfter, WrittenBefore } from './written-facts.ts';

export interface FileWrites {
  readonly journal: Journal;
  readonly undo: UndoFolder;
  readonly batch: Batch;
  readonly signal?: AbortSignal | undefined;
  /** Hears of files that are written now, some at a time. */
  readonly onWritten?: (changes: readonly FileChange[]) => Promise<void>;
  readonly onFailed?: (failed: FailedWrite) => void;
}

/** A staged file whose old bytes are kept, and what the journal says of it. */
interface ReadyFile extends StagedFile {
  readonly row: Change;
}

/** Files whose rows are written together. */
const atOnce = 16;

/**
 * Writes files so that whenever the process is killed each of them is as it was or as it is to be, and can
 * be put back: first its new bytes lie beside it and its old ones are kept, then there is a row in the
 * journal, and then the new file takes the place of the old one. A file that cannot be written fails alone.
 *
 * @throws MedleyError `disk-full`, `folder-read-only` where the library itself cannot be written; the
 *   signal's reason
 */
export async function writeFiles(
  changes: readonly FileChange[],
  writes: FileWrites,
): Promise<void> {
  const { batch, undo, signal } = writes;
  if (changes.length === 0) return;
  await undo.begin(batch.id, await foldersOf(changes));
  try {
    for (let start = 0; start < changes.length; start += atOnce) {
      signal?.throwIfAborted();
      await writeSome(changes.slice(start, start + atOnce), start, writes);
    }
  } finally {
    await undo.end(batch.id);
  }
}

async function writeSome(
  changes: readonly FileChange[],
  start: number,
  writes: FileWrites,
): Promise<void> {
  const { batch, journal, undo, onWritten } = writes;
  const made = await Promise.all(
    changes.map((change, i) =>
      orFailed(writes, change, () => makeReady(change, start + i, writes)),
    ),
  );
  const ready = made.filter((file) => file !== null);
  const written: FileChange[] = [];
  try {
    await undo.settle(batch.id);
    await journal.record(
      batch,
      ready.map(({ row }) => row),
    );
    for (const file of ready) {
      const { change } = file;
      if (await orFailed(writes, change, () => putInPlace(file))) written.push(change);
    }
  } finally {
    for (const { temporary } of ready) if (temporary !== null) await rm(temporary, { force: true });
  }
  for (const folder of new Set(ready.map(({ path }) => dirname(path)))) await syncFolder(folder);
  await onWritten?.(written);
}

/** What `work` gives; null where it failed, which is told. */
async function orFailed<T>(
  { onFailed }: FileWrites,
  { path }: FileChange,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    onFailed?.({ path, error: asWriteError(path, error) });
    return null;
  }
}

async function makeReady(
  change: FileChange,
  number: number,
  { batch, undo }: FileWrites,
): Promise<ReadyFile | null> {
  const staged = await stageFile(change, undo.temporaryName(batch.id, number));
  if (staged === null) return null;
  const { path, temporary, before, after } = staged;
  try {
    const kept = before === null ? null : await undo.keep(batch.id, number, path, before);
    const facts: { before: WrittenBefore | null; after: WrittenAfter | null } = {
      before: before === null || kept === null ? null : { hash: before.hash, kept },
      after: after === null ? null : { hash: after },
    };
    const { assetId } = change;
    return { ...staged, row: { kind: 'file-written', assetId, subject: change.path, ...facts } };
  } catch (error) {
    if (temporary !== null) await rm(temporary, { force: true });
    throw error;
  }
}

async function putInPlace(file: ReadyFile): Promise<true> {
  await requireUnchanged(file);
  if (file.temporary === null) await rm(file.path);
  else await rename(file.temporary, file.path);
  return true;
}

function asWriteError(path: string, error: unknown): MedleyError {
  const known = asReadOnly(asDiskFull(error, path), dirname(path));
  if (known instanceof MedleyError) return known;
  return new MedleyError(
    'file-not-written',
    `${path} could not be written, and is as it was: ${messageOf(error)}`,
    { subject: path, cause: error },
  );
}

/** The folders that the files lie in; those of files that cannot be found will fail by themselves. */
async function foldersOf(changes: readonly FileChange[]): Promise<string[]> {
  const paths = await Promise.all(changes.map(({ path }) => realPathOf(path).catch(() => null)));
  return [...new Set(paths.flatMap((path) => (path === null ? [] : [dirname(path)])))];
}
