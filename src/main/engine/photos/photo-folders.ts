import { stat } from 'node:fs/promises';
import { isInFolder } from '#main/files/in-folder.ts';
import type { FolderLook, PhotoFolder } from '#shared/schemas/library.ts';
import type { Store } from '#main/store/store.ts';
import type { WalkReport } from '../stages/import/import-work.ts';

/** These folders of photos with how many photos are of each; one of two folders counts in both. */
export async function photoFolders(
  store: Store,
  folders: readonly string[],
  walkOf: (folder: string) => WalkReport | null,
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
      look: lookOf(walkOf(path)),
    })),
  );
}

function lookOf(walk: WalkReport | null): FolderLook | null {
  if (walk === null || walk.endedAt === null) return null;
  const { endedAt, fresh, changed, back, gone } = walk;
  return { at: endedAt.toISOString(), fresh, changed, back, gone };
}

async function isConnected(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ?? false;
}
