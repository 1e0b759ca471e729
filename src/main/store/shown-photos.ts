import type { PhotoFileEntry } from '#shared/schemas/photos.ts';
import type { Present } from './asset-captions.ts';
import type { KnownContent } from './tables/contents.ts';
import type { FileRow, Missing } from './tables/files.ts';
import type { Tables } from './tables/tables.ts';

/** A photo to show: an asset with what its files hold now. */
export interface ShownPhoto extends Present {
  readonly assetId: string;
  /** The content whose facts are shown. */
  readonly contentId: string;
  /** Why none of its files is where it was; null while one is. */
  readonly missing: Missing | null;
}

/**
 * The photos to show. Those whose files went from their folder are not; those whose folder or disk is
 * not there are, as missing.
 */
export function shownPhotos({ assets, contents, files }: Tables): Map<string, ShownPhoto> {
  const shown = new Map<string, ShownPhoto>();
  for (const assetId of assets.ids()) {
    const present = files
      .ofAsset(assetId)
      .filter(({ role, missing }) => role === 'photo' && missing !== 'vanished');
    if (present.length === 0) continue;
    const contentIds = new Set(present.flatMap(({ contentId }) => contentId ?? []));
    const had = contents.ofAsset(assetId);
    const held = had.filter(({ id }) => contentIds.has(id));
    // A file that cannot be read just now shows as it was.
    const latest = newest(held.length > 0 ? held : had);
    if (latest === undefined) continue;
    const current = latest.takenText === null ? (datedCopy(held, latest) ?? latest) : latest;
    shown.set(assetId, {
      assetId,
      contentId: current.id,
      pictureId: current.pictureId,
      contentIds: contentIds.size > 0 ? contentIds : new Set([current.id]),
      missing: present.some(({ missing }) => missing === null) ? null : 'unreachable',
    });
  }
  return shown;
}

/** The files of a photo with what they are to it: those that are there first, in the order of paths. */
export function filesOf({ files }: Tables, assetId: string): PhotoFileEntry[] {
  return files
    .ofAsset(assetId)
    .filter(({ missing }) => missing !== 'vanished')
    .toSorted((a, b) => Number(a.missing !== null) - Number(b.missing !== null) || byPath(a, b))
    .flatMap(({ path, role }) => (role === 'unsupported' ? [] : [{ path, role }]));
}

/** Absolute paths of a photo's own files, in that order. */
export function pathsOf(tables: Tables, assetId: string): string[] {
  return filesOf(tables, assetId).flatMap(({ path, role }) => (role === 'photo' ? [path] : []));
}

/** A file that shows this picture; undefined while none is there. */
export function pathOfPicture(
  { contents, files }: Tables,
  assetId: string,
  pictureId: string,
): string | undefined {
  const holds = ({ contentId, missing }: FileRow) =>
    missing === null && contentId !== null && contents.get(contentId)?.pictureId === pictureId;
  return files.ofAsset(assetId).filter(holds).toSorted(byPath)[0]?.path;
}

function byPath(a: FileRow, b: FileRow): number {
  return a.path < b.path ? -1 : 1;
}

/** A copy that says when the photo was taken, as one that went through a messenger does not. */
function datedCopy(
  held: readonly KnownContent[],
  { pictureId }: KnownContent,
): KnownContent | undefined {
  return newest(held.filter((each) => each.pictureId === pictureId && each.takenText !== null));
}

function newest(contents: readonly KnownContent[]): KnownContent | undefined {
  return contents.toSorted((a, b) =>
    a.addedAt < b.addedAt || (a.addedAt === b.addedAt && a.id < b.id) ? 1 : -1,
  )[0];
}
