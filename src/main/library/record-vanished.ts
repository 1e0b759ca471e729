import { stat } from 'node:fs/promises';
import { isInFolder } from '#main/files/in-folder.ts';
import { forgetFiles, readAgain, setMissing } from '#main/store/change-files.ts';
import type { Store } from '#main/store/store.ts';
import { isTextRole, type FileRow } from '#main/store/tables/files.ts';
import type { FoundProblem } from './walk.ts';

/**
 * Records known files of a folder that were not met, but for those inside what could not be read. A
 * folder that is empty on another device than before is a disk that is not connected.
 *
 * @param met by path
 * @returns photos that are still there, and of which a file spoke that is gone together with another
 *   file of theirs
 */
export async function recordVanished(
  store: Store,
  root: string,
  met: ReadonlyMap<string, unknown>,
  problems: readonly FoundProblem[],
): Promise<string[]> {
  const hidden = (path: string) => problems.some((problem) => isInFolder(problem.path, path));
  const gone = filesOfFolder(store, root).filter(({ path }) => !met.has(path) && !hidden(path));
  if (met.size === 0 && (await isOtherDevice(root, gone))) {
    await setMissing(store.tables, gone, 'unreachable');
    return [];
  }
  const photos = gone
    .filter(({ role }) => role === 'photo')
    .map((row) => ({ row, now: elsewhere(store, row, met) }));
  const isForgotten = ({ row, now }: (typeof photos)[number]) =>
    now !== null || row.assetId === null;
  const vanished = photos.filter((each) => !isForgotten(each)).map(({ row }) => row);
  const absent = new Set(vanished.map(({ path }) => path));
  // What goes with a photo that may come back is kept with it.
  const others = Map.groupBy(
    gone.filter(({ role }) => role !== 'photo'),
    ({ partOf }) => (partOf !== null && absent.has(partOf) ? 'kept' : 'left'),
  );
  const left = others.get('left') ?? [];
  const lessSaid = await silenced(store, left, met);
  await setMissing(store.tables, [...vanished, ...(others.get('kept') ?? [])], 'vanished');
  await forgetFiles(store.tables, [
    ...photos.filter(isForgotten),
    ...left.map((row) => ({ row, now: null })),
  ]);
  return lessSaid;
}

export function filesOfFolder({ tables }: Store, root: string): FileRow[] {
  return [...tables.files.all()].filter((row) => row.root === root);
}

/** Where a photo lies whose file is gone from here. */
function elsewhere(
  { tables: { files } }: Store,
  { path, contentId, assetId }: FileRow,
  met: ReadonlyMap<string, unknown>,
): string | null {
  const other = files
    .ofAsset(assetId ?? '')
    .find(
      (other) =>
        other.role === 'photo' &&
        other.path !== path &&
        other.missing === null &&
        met.has(other.path) &&
        other.contentId === contentId,
    );
  return other?.path ?? null;
}

/**
 * The files of photos that are still there, where what spoke of them beside another file went with
 * that one. A photo that is where it was is read again anyway.
 */
async function silenced(
  store: Store,
  left: readonly FileRow[],
  met: ReadonlyMap<string, unknown>,
): Promise<string[]> {
  const { contents, files } = store.tables;
  const silent = left
    .filter(({ role }) => isTextRole(role))
    .flatMap(({ partOf }) => partOf ?? [])
    .filter((path) => !met.has(path));
  const paths = new Set(silent);
  const contentIds = new Set(silent.flatMap((path) => files.get(path)?.contentId ?? []));
  const photos = [...contentIds].flatMap((contentId) => {
    const others = files
      .ofAsset(contents.get(contentId)?.assetId ?? '')
      .filter((row) => row.contentId === contentId && row.missing === null && !paths.has(row.path));
    return others.some((row) => isTold(store, row)) ? [] : others;
  });
  await readAgain(
    store.tables,
    photos.flatMap(({ contentId }) => contentId ?? []),
  );
  return photos.map(({ path }) => path);
}

/** Whether a file beside it speaks of a photo. */
function isTold({ tables: { files } }: Store, { path, assetId }: FileRow): boolean {
  return files
    .ofAsset(assetId ?? '')
    .some(({ role, partOf, missing }) => isTextRole(role) && partOf === path && missing === null);
}

async function isOtherDevice(root: string, rows: readonly FileRow[]): Promise<boolean> {
  const { dev } = await stat(root);
  return rows.some(({ inode }) => inode !== null && !inode.startsWith(`${dev}:`));
}
