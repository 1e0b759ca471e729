import { readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Handlers } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import type { FolderListing, LibraryInfo } from '#shared/schemas/library.ts';
import { hasPictureName } from '#main/library/image-format.ts';
import { provideSamples } from '#main/library/samples.ts';
import type { Store } from '#main/store/store.ts';
import type { Jobs } from '../jobs/jobs.ts';

type LibraryMethod = 'library/info' | 'library/import' | 'library/import-samples' | 'folders/list';

export function libraryHandlers(
  store: Store,
  jobs: Jobs,
  info: () => Promise<LibraryInfo>,
): Pick<Handlers, LibraryMethod> {
  return {
    'library/info': info,
    'library/import': async ({ folder }) => {
      await jobs.addFolder(await requireFolder(folder));
      return null;
    },
    'library/import-samples': async () => {
      await jobs.addFolder(await provideSamples(store.paths));
      return null;
    },
    'folders/list': ({ path }) => listFolder(resolve(path ?? homedir())),
  };
}

/**
 * The real path of a folder, so that two names of one folder are one.
 * @throws {MedleyError} `folder-missing`.
 */
async function requireFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch {
    // Reported below, as for a file.
  }
  throw new MedleyError('folder-missing', `There is no folder ${path}.`, { subject: path });
}

/** @throws {MedleyError} `folder-missing`, `file-unreadable`. */
async function listFolder(path: string): Promise<FolderListing> {
  await requireFolder(path);
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw new MedleyError('file-unreadable', `The folder ${path} may not be read.`, {
      subject: path,
      cause,
    });
  });
  const shown = entries.filter(({ name }) => !name.startsWith('.'));
  const parent = dirname(path);
  return {
    path,
    parent: parent === path ? null : parent,
    folders: shown
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ name, path: join(path, name) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    pictures: shown.filter((entry) => entry.isFile() && hasPictureName(entry.name)).length,
  };
}
