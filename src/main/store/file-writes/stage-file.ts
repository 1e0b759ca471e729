import { chmod, chown, lstat, open, realpath, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFile } from '#main/files/sync.ts';
import { MedleyError } from '#shared/errors.ts';
import type { FileChange } from './file-change.ts';
import { hashOf, stateOf, unlessMissing, type FileState } from './file-state.ts';

/** A file whose new bytes lie beside it. */
export interface StagedFile {
  readonly change: FileChange;
  /** Without links. */
  readonly path: string;
  readonly before: FileState | null;
  /** Where the new bytes lie; null where the file is to be deleted. */
  readonly temporary: string | null;
  /** Their SHA-256 in hex. */
  readonly after: string | null;
}

/**
 * Writes what a file is to be beside it, under a name of its own, with its mode and owner.
 *
 * @returns null where that is what the file is already
 * @throws MedleyError `file-changed` (it is not as it was when the change was thought of),
 *   `file-read-only`; what `make` throws, or the file system says
 */
export async function stageFile(
  change: FileChange,
  temporaryName: string,
): Promise<StagedFile | null> {
  const path = await realPathOf(change.path);
  const before = await stateOf(path);
  if (!change.isExpected(before)) throw fileChanged(change.path);
  if (before !== null) await requireWritable(path, before);
  if (change.make === null) return { change, path, before, temporary: null, after: null };
  const temporary = join(dirname(path), temporaryName);
  try {
    await change.make(before === null ? null : path, temporary);
    await takeOver(path, temporary, before, change.modified);
    await syncFile(temporary);
    const after = await hashOf(temporary);
    if (after !== before?.hash) return { change, path, before, temporary, after };
    await rm(temporary);
    return null;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** @throws MedleyError `file-changed` when the file changed since it was staged */
export async function requireUnchanged({ change, path, before }: StagedFile): Promise<void> {
  const now = await stat(path).catch(unlessMissing);
  // Keeping its bytes under another name moves its ctime.
  const isSame =
    now === null || before === null
      ? now === before
      : now.size === before.size && now.mtimeMs === before.mtimeMs;
  if (!isSame) throw fileChanged(change.path);
}

/** Where a file lies, or will lie, links followed. */
export async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    unlessMissing(error);
    if ((await lstat(path).catch(unlessMissing)) === null) {
      return join(await realpath(dirname(path)), basename(path));
    }
    throw new MedleyError('file-missing', `${path} is a link that leads nowhere.`, {
      subject: path,
    });
  }
}

function fileChanged(path: string): MedleyError {
  return new MedleyError(
    'file-changed',
    `${path} has changed since Medley read it, and was left as it is. Look through its folder again first.`,
    { subject: path },
  );
}

/** Another file could take the place of one that may not be written; whoever protected it did not mean that. */
async function requireWritable(path: string, { mode }: FileState): Promise<void> {
  const mayOpen = await open(path, 'r+').then(
    (handle) => handle.close().then(() => true),
    () => false,
  );
  if (mayOpen && (mode & 0o222) !== 0) return;
  throw new MedleyError(
    'file-read-only',
    `${path} is write-protected, and was left as it is. Give yourself the right to write it.`,
    { subject: path },
  );
}

async function takeOver(
  path: string,
  temporary: string,
  before: FileState | null,
  modified: FileChange['modified'],
): Promise<void> {
  if (before !== null) {
    const { uid, gid, atimeMs } = await stat(path);
    // Only root may give files away; others own what they write.
    await chown(temporary, uid, gid).catch(() => {});
    await chmod(temporary, before.mode & 0o7777);
    if (modified === 'kept') await utimes(temporary, atimeMs / 1000, before.mtimeMs / 1000);
  }
  if (typeof modified === 'number') await utimes(temporary, modified / 1000, modified / 1000);
}
