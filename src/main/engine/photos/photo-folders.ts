import { stat } from 'node:fs/promises';
import { isInFolder } from '#main/files/in-folder.ts';
import type { PhotoFolder } from '#shared/schemas/library.ts';
import type { Store } from '#main/store/store.ts';

/** These folders of photos with how many photos are of each; one of two folders counts in both. */
export async function photoFolders(
  store: Store,
  folders: readonly string[],
): Promise<PhotoFolder[]> {
  const counts = new Map<string, number>();
  for (const id of store.photos().keys()) {
    const paths = store.pathsOf(id);
    for (const folder of folders) {
      if (!paths.some((path) => isInFolder(folder, path))) continue;
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  return Promise.all(
    folders.map(async (path) => ({
      path,
      photos: counts.get(path) ?? 0,
      connected: await isConnected(path),
    })),
  );
}

async function isConnected(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ?? false;
}
