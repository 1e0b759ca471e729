import { basename } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { precisionOf } from '#shared/schemas/photos.ts';
import type {
  Caption,
  PhotoDetail,
  PhotoFileEntry,
  PhotoLabel,
  Taken,
} from '#shared/schemas/photos.ts';
import { titleOf } from '#shared/text-purpose.ts';
import type { PhotoCard } from '#main/search/search-index.ts';
import type { ShownPhoto } from '#main/store/shown-photos.ts';
import type { Store } from '#main/store/store.ts';
import type { ContentRow } from '#main/store/tables/contents.ts';
import { isTextRole } from '#main/store/tables/files.ts';

/** What grid cells say of these photos; those that are not on show are left out. */
export async function photoLabels(store: Store, ids: readonly string[]): Promise<PhotoLabel[]> {
  const captions = await store.captionsOf(ids);
  return ids.flatMap((id) => {
    const photo = store.photos().get(id);
    const [path] = store.pathsOf(id);
    if (photo === undefined || path === undefined) return [];
    const caption = labelCaption(captions.get(id));
    return [{ id, fileName: basename(path), caption, missing: photo.missing !== null }];
  });
}

/** What search results show of these photos; those that are not on show are left out. */
export async function photoCards(store: Store, ids: readonly string[]): Promise<PhotoCard[]> {
  const labels = await photoLabels(store, ids);
  return labels.flatMap((label) => {
    const contentId = store.photos().get(label.id)?.contentId;
    const content = store.tables.contents.get(contentId ?? '');
    const [file] = store.pathsOf(label.id);
    if (content === undefined || file === undefined) return [];
    const { width, height, colour } = content;
    return [{ ...label, file, ratio: width / height, colour }];
  });
}

/**
 * Everything the photo view shows.
 * @throws {MedleyError} `photo-unknown`.
 */
export async function photoDetail(store: Store, id: string): Promise<PhotoDetail> {
  const photo = store.photos().get(id);
  if (photo === undefined) throw unknownPhoto(id);
  const content = (await store.tables.contents.rows([photo.contentId])).get(photo.contentId);
  if (content === undefined) throw unknownPhoto(id);
  const { latitude, longitude } = content;
  return {
    id,
    files: await filesAbout(store, photo),
    missing: photo.missing !== null,
    format: content.format,
    bytes: content.bytes,
    width: content.width,
    height: content.height,
    taken: takenOf(content),
    camera: content.camera,
    lens: content.lens,
    exposure: content.exposure,
    location: latitude === null || longitude === null ? null : { latitude, longitude },
    keywords: [...content.keywords],
    captions: (await store.captionsOf([id])).get(id) ?? [],
    notices: [...content.notices],
  };
}

/** The files of a photo, and texts that it shares, as an edited photo does with its original. */
async function filesAbout(
  store: Store,
  { assetId, contentIds }: ShownPhoto,
): Promise<PhotoFileEntry[]> {
  const { files, observations } = store.tables;
  const own = store.filesOf(assetId);
  const said = [...(await observations.of([...contentIds])).values()].flat();
  const speaking = new Set(said.flatMap(({ path }) => path ?? []));
  for (const { path } of own) speaking.delete(path);
  const shared = [...speaking].sort().flatMap((path) => {
    const role = files.get(path)?.role;
    return role !== undefined && isTextRole(role) ? [{ path, role }] : [];
  });
  return [...own, ...shared];
}

function takenOf({ takenText: text, takenSource }: ContentRow): Taken | null {
  // Where an older Medley read it, it says no more.
  return text === null ? null : { text, precision: precisionOf(text), source: takenSource ?? '' };
}

export function unknownPhoto(id: string): MedleyError {
  return new MedleyError('photo-unknown', `The library has no photo ${id}.`, { subject: id });
}

/** The most trusted text; the store gives them in that order. */
function labelCaption(captions: readonly Caption[] | undefined): PhotoLabel['caption'] {
  const best = titleOf(captions ?? []);
  if (!best) return null;
  const { text, origin, confirmed, itm } = best;
  return { text, origin, confirmed, itm };
}
