import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MedleyError } from '#shared/errors.ts';

/**
 * The files in a folder and all folders below it, in the order of names. Links to folders are not
 * followed, and folders that may not be read are passed over.
 *
 * @returns absolute paths
 */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await listFiles(path)));
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
