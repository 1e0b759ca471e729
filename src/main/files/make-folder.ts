import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { asReadOnly } from './read-only.ts';

/**
 * Makes a folder, and those above it, where it is missing. One after the other: Node's own way to make
 * them all calls a folder missing where the disk is read-only.
 *
 * @param folder absolute path
 * @throws MedleyError `folder-missing` where a file is in the way, `folder-read-only`; else what the file system says
 */
export async function makeFolder(folder: string): Promise<void> {
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) await makeFolder(above);
  try {
    await mkdir(folder);
  } catch (error) {
    const found = await stat(folder).catch(() => null);
    if (found?.isDirectory()) return;
    const file = found === null ? above : folder;
    if ((await stat(file).catch(() => null))?.isFile()) {
      throw new MedleyError('folder-missing', `${file} is a file. Choose a folder instead.`, {
        subject: file,
        cause: error,
      });
    }
    throw asReadOnly(error, folder);
  }
}
