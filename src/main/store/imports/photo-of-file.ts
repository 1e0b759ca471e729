import type { FileFacts } from '../imported-file.ts';
import type { FileRow } from '../tables/files.ts';
import type { Tables } from '../tables/tables.ts';
import type { ImportBatch } from './import-batch.ts';

/**
 * Whose a new content is. The picture tells first: metadata was changed, or the file was moved too.
 * Else it is the photo whose file was here, edited in its place, or had this very inode; unless
 * another file still holds what was here, and this is another photo under its name.
 */
export function assetOf(
  batch: ImportBatch,
  file: FileFacts,
  contentId: string,
  pictureId: string,
): string {
  const known = batch.assetOfPicture(pictureId);
  if (known !== undefined) return known;
  const before =
    editedInPlace(batch.tables, file) ?? renamedFrom(batch, file) ?? rawBeside(batch.tables, file);
  if (before === undefined || before.assetId === null) return contentId;
  return isHeldElsewhere(batch, before) ? contentId : before.assetId;
}

/** The file that was here; not one that went before, since cameras use their names again. */
export function editedInPlace({ files }: Tables, { path }: FileFacts): FileRow | undefined {
  const before = files.get(path);
  return before?.missing === 'vanished' ? undefined : before;
}

/** The raw file that a JPEG was made of later: the photo that it was until now. */
function rawBeside({ files }: Tables, { attached }: FileFacts): FileRow | undefined {
  return attached
    .filter(({ role }) => role === 'raw')
    .map(({ path }) => files.get(path))
    .find((row) => row !== undefined && row.assetId !== null && row.missing === null);
}

/** The file that had this inode, and is not where it was. */
function renamedFrom(
  { tables: { files }, isStale }: ImportBatch,
  { inode }: FileFacts,
): FileRow | undefined {
  const before = inode === null ? undefined : files.withInode(inode);
  if (before === undefined || !isPicture(before)) return undefined;
  return before.missing !== null || isStale(before.path) ? before : undefined;
}

function isPicture({ role }: FileRow): boolean {
  return role === 'photo' || role === 'raw';
}

/** Whether another file holds the picture that one was last seen with. */
export function isHeldElsewhere(
  batch: ImportBatch,
  { path, contentId, assetId }: FileRow,
): boolean {
  const pictureId = batch.pictureOfContent(contentId);
  if (pictureId === undefined || assetId === null) return false;
  if (batch.isHeldBeside(pictureId, path)) return true;
  return batch.tables.files
    .ofAsset(assetId)
    .some(
      (other) =>
        other.path !== path &&
        other.missing === null &&
        batch.pictureOfContent(other.contentId) === pictureId &&
        !batch.files.has(other.path) &&
        !batch.isStale(other.path),
    );
}

/** Notes which files are those that had vanished. @returns the paths that they left. */
export function noteMoved(batch: ImportBatch): string[] {
  const left = new Set<string>();
  for (const { path, assetId, contentId } of batch.files.values()) {
    if (assetId === null || contentId === null) continue;
    const pictureId = batch.pictureOfContent(contentId);
    const isLeft = (other: FileRow) =>
      other.role === 'photo' &&
      other.missing === 'vanished' &&
      !batch.files.has(other.path) &&
      !left.has(other.path) &&
      (other.contentId === null || batch.pictureOfContent(other.contentId) === pictureId);
    const others = batch.tables.files.ofAsset(assetId);
    for (const other of others.filter(isLeft)) {
      left.add(other.path);
      // What went with it there goes with it here, or with nothing.
      const beside = others.filter(({ partOf, missing }) => partOf === other.path && missing);
      for (const each of beside) if (!batch.files.has(each.path)) left.add(each.path);
      batch.changes.push({
        kind: 'file-moved',
        assetId,
        subject: path,
        before: { path: other.path },
        after: { path },
      });
    }
  }
  return [...left];
}
