import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asDiskFull } from './disk-full.ts';
import { asReadOnly } from './read-only.ts';
import { syncFolder } from './sync.ts';

/** Ends the names of files that are being written. */
const TEMPORARY = '.tmp';

/**
 * Writes a file so that after a crash, even of the whole machine, it is there with all of its new
 * content or as it was before. Its folder is made where missing.
 *
 * @param mode who may read and write it, less what the process's mask takes away
 * @throws MedleyError `disk-full`, `folder-read-only`; else what the file system says
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  mode = 0o666,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw asReadOnly(asDiskFull(error, path), dirname(path));
  }
}

/** {@link writeWhole} for whoever cannot wait, as while a window closes. */
export function writeWholeSync(path: string, content: string): void {
  const temporary = temporaryName(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, 'wx');
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asReadOnly(asDiskFull(error, path), dirname(path));
  }
}

/**
 * Deletes what writes left behind that were killed, in a folder and all folders in it. Only for
 * whoever has the folder to itself: a write under way would lose its file.
 *
 * @returns how many files were deleted
 */
export async function sweepTemporaries(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const left = entries.filter((entry) => entry.isFile() && entry.name.endsWith(TEMPORARY));
  for (const { parentPath, name } of left) await rm(join(parentPath, name), { force: true });
  return left.length;
}

function temporaryName(path: string): string {
  return `${path}.${randomUUID()}${TEMPORARY}`;
}
