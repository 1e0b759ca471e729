import { readdir, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { MedleyError, messageOf } from '#shared/errors.ts';

/**
 * The files in a folder and all folders below it, in the order of names. Links to folders are not
 * followed.
 *
 * @param onUnreadable hears of each folder that cannot be read, with a `file-unreadable` that names it
 * @returns absolute paths
 */
export async function listFiles(
  folder: string,
  onUnreadable: (error: MedleyError) => void,
): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    onUnreadable(folderUnreadable(folder, cause));
    return [];
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await listFiles(path, onUnreadable)));
    else files.push(path);
  }
  return files;
}

/** @throws MedleyError `folder-missing` */
export async function requireFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => null);
  if (stats?.isDirectory() === true) return;
  throw new MedleyError('folder-missing', `There is no folder ${folder}.`, { subject: folder });
}

function folderUnreadable(folder: string, cause: unknown): MedleyError {
  const denied =
    cause instanceof Error && 'code' in cause && ['EACCES', 'EPERM'].includes(String(cause.code));
  const reason = denied ? 'Medley may not; check its permissions.' : messageOf(cause);
  return new MedleyError('file-unreadable', `Cannot read the folder ${folder}: ${reason}`, {
    subject: folder,
    cause,
  });
}
