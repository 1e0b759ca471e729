import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import type { FolderListing } from '#shared/schemas/library.ts';
import { hasPictureName } from '#main/library/image-format.ts';

/**
 * The real path of a folder, so that two names of one folder are one.
 * @throws {MedleyError} `folder-missing`.
 */
export async function requireFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  const found = real === null ? null : await stat(real).catch(() => null);
  if (real !== null && found?.isDirectory()) return real;
  const why =
    found === null
      ? `There is no folder ${path}.`
      : `${path} is a file. Choose the folder that it lies in.`;
  throw new MedleyError('folder-missing', why, { subject: path });
}

/**
 * The folders inside one, and how many pictures lie there. Hidden ones are left out.
 *
 * @param given absolute, or below the home folder; null for that itself
 * @throws {MedleyError} `folder-missing`, `file-unreadable`.
 */
export async function listFolder(given: string | null): Promise<FolderListing> {
  const path = resolve(homedir(), (given ?? '').replace(/^~(\/|$)/, ''));
  await requireFolder(path);
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw new MedleyError('file-unreadable', `The folder ${path} may not be read.`, {
      subject: path,
      cause,
    });
  });
  const shown = entries.filter(({ name }) => !name.startsWith('.'));
  const folders = await Promise.all(
    shown.map(async (entry) => {
      const own = join(path, entry.name);
      return (await leadsToFolder(entry, own)) ? [{ name: entry.name, path: own }] : [];
    }),
  );
  const parent = dirname(path);
  return {
    path,
    parent: parent === path ? null : parent,
    folders: folders.flat().sort((a, b) => a.name.localeCompare(b.name)),
    pictures: shown.filter((entry) => entry.isFile() && hasPictureName(entry.name)).length,
  };
}

/** Whether this is a folder, or a link to one. */
async function leadsToFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = await stat(path).catch(() => null);
  return target?.isDirectory() ?? false;
}
