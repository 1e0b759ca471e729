import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import type { PhotoFile, Rendition } from '#shared/schemas/photos.ts';
import { viewRendition } from '#main/library/rendition.ts';
import { ensureThumbnail } from '#main/library/thumbnail.ts';
import { thumbnailPath } from '#main/store/library-paths.ts';
import type { Store } from '#main/store/store.ts';
import { unknownPhoto } from './photo-cards.ts';

/**
 * Where a rendition of a photo lies, checked anew on each call to be a plain file inside the
 * library or one of its folders of photos: a link may have been put in its place since.
 * @throws {MedleyError} `photo-unknown`, `file-missing`, or why the picture cannot be read.
 */
export async function photoFile(
  store: Store,
  folders: readonly string[],
  id: string,
  rendition: Rendition,
): Promise<PhotoFile> {
  const shown = store.photos().get(id);
  if (shown === undefined) throw unknownPhoto(id);
  const { pictureId, contentId } = shown;
  const originals = store.pathsOf(id);
  const etag = `"${contentId}-${rendition}"`;
  const inLibrary = (path: string) => firstContained([path], [store.paths.root]);
  if (rendition === 'thumbnail') {
    // A grid asks for hundreds at once, so the usual case does no more than it must.
    const ready = await inLibrary(thumbnailPath(store.paths, pictureId)).catch(() => null);
    const path = ready ?? (await inLibrary(await makeThumbnail()));
    return { path, contentType: 'image/webp', etag };
  }
  const content = (await store.tables.contents.rows([contentId])).get(contentId);
  if (content === undefined) throw unknownPhoto(id);
  const original = await firstContained(originals, folders);
  const { path, contentType } = await viewRendition(store.paths, content, original);
  return { path: path === original ? path : await inLibrary(path), contentType, etag };

  async function makeThumbnail(): Promise<string> {
    return ensureThumbnail(store.paths, pictureId, await firstContained(originals, folders));
  }
}

/** The real path of the first of these files that is there and inside one of the folders. */
async function firstContained(
  paths: readonly string[],
  folders: readonly string[],
): Promise<string> {
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => null)));
  for (const path of paths) {
    const real = await realpath(path).catch(() => null);
    if (real === null || !(await stat(real)).isFile()) continue;
    if (roots.some((root) => root !== null && real.startsWith(`${root}${sep}`))) return real;
  }
  throw new MedleyError('file-missing', `${paths[0]} is not there any more.`, {
    subject: paths[0] ?? '',
  });
}
