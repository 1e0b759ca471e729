import { constants } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';
import type { JournalRow } from '../tables/journal.ts';
import type { FileChange } from './file-change.ts';
import { hashOf, unlessMissing } from './file-state.ts';
import type { UndoFolder } from './undo-folder.ts';
import { writeFiles, type FileWrites } from './write-files.ts';
import { WrittenAfter, WrittenBefore } from './written-facts.ts';

/** A file that a batch was to write: the first bytes it had, and the last ones it was to get. */
interface WrittenFile {
  readonly path: string;
  readonly assetId: string | null;
  readonly before: WrittenBefore | null;
  readonly after: WrittenAfter | null;
}

/**
 * How a file of a batch is now: as it was before; as the batch was to write it; changed since (or deleted).
 */
export type WrittenState = 'old' | 'new' | 'changed';

/** @param rows of a batch */
export async function writtenStates(
  rows: readonly JournalRow[],
): Promise<{ readonly path: string; readonly state: WrittenState }[]> {
  return await Promise.all(
    filesOf(rows).map(async (file) => ({ path: file.path, state: await stateNow(file) })),
  );
}

/**
 * Puts the files of a batch back, byte for byte and with the time they had. One that is not as the batch
 * left it stays as it is, and is told of as failed; one that was not there is deleted. It is written like
 * any other change, so that it can be undone too.
 *
 * @param rows of the batch
 */
export async function undoFiles(rows: readonly JournalRow[], writes: FileWrites): Promise<void> {
  const changes: FileChange[] = [];
  for (const file of filesOf(rows)) {
    if ((await stateNow(file)) !== 'old') changes.push(await changeBack(file, writes.undo));
  }
  await writeFiles(changes, writes);
}

function filesOf(rows: readonly JournalRow[]): WrittenFile[] {
  const written = rows.filter(({ kind }) => kind === 'file-written');
  const byPath = Map.groupBy(written, ({ subject }) => subject);
  return Array.from(byPath, ([path, [first, ...others]]) => ({
    path,
    assetId: first.assetId,
    before: WrittenBefore.nullable().parse(first.before),
    after: WrittenAfter.nullable().parse((others.at(-1) ?? first).after),
  }));
}

async function stateNow({ path, before, after }: WrittenFile): Promise<WrittenState> {
  const there = (await stat(path).catch(unlessMissing)) !== null;
  const hash = there ? await hashOf(path) : undefined;
  if (hash === before?.hash) return 'old';
  return hash === after?.hash ? 'new' : 'changed';
}

async function changeBack(
  { path, assetId, before, after }: WrittenFile,
  undo: UndoFolder,
): Promise<FileChange> {
  const isExpected: FileChange['isExpected'] = (found) => found?.hash === after?.hash;
  if (before === null) return { path, assetId, isExpected, make: null };
  const kept = undo.pathOf(before.kept);
  const there = await stat(kept).catch(unlessMissing);
  const make = async (_: string | null, target: string): Promise<void> => {
    if (there === null || (await hashOf(kept)) !== before.hash) throw bytesLost(path, kept);
    await copyFile(kept, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  };
  return { path, assetId, isExpected, make, ...(there && { modified: there.mtimeMs }) };
}

function bytesLost(path: string, kept: string): MedleyError {
  return new MedleyError(
    'file-missing',
    `${path} was left as it is: what it was before is not in ${kept} any more.`,
    { subject: path },
  );
}
