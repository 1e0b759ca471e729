import { basename } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import type { PhotoDetail, PhotoLabel } from '#shared/schemas/photos.ts';
import type { PhotoCard } from '#main/search/search.ts';
import type { CaptionRow } from '#main/store/caption-table.ts';
import type { Store } from '#main/store/store.ts';

/** What grid cells say of these photos; photos without a file are left out. */
export async function photoLabels(store: Store, ids: readonly string[]): Promise<PhotoLabel[]> {
  const captions = await store.captions.of(ids);
  return ids.flatMap((id) => {
    const [path] = store.files.pathsOf(id);
    if (path === undefined) return [];
    return [{ id, fileName: basename(path), caption: labelCaption(captions.get(id)) }];
  });
}

/** What search results show of these photos; photos without a file are left out. */
export async function photoCards(store: Store, ids: readonly string[]): Promise<PhotoCard[]> {
  const [labels, photos] = await Promise.all([photoLabels(store, ids), store.photos.get(ids)]);
  return labels.flatMap((label) => {
    const photo = photos.get(label.id);
    const [file] = store.files.pathsOf(label.id);
    if (!photo || file === undefined) return [];
    return [{ ...label, file, ratio: photo.width / photo.height, colour: photo.colour }];
  });
}

/**
 * Everything the photo view shows.
 * @throws {MedleyError} `photo-unknown`.
 */
export async function photoDetail(store: Store, id: string): Promise<PhotoDetail> {
  const photo = (await store.photos.get([id])).get(id);
  const files = store.files.pathsOf(id);
  if (!photo || files.length === 0) throw unknownPhoto(id);
  const captions = (await store.captions.of([id])).get(id) ?? [];
  const { latitude, longitude } = photo;
  return {
    id,
    files,
    format: photo.format,
    bytes: photo.bytes,
    width: photo.width,
    height: photo.height,
    taken: photo.takenText,
    camera: photo.camera,
    lens: photo.lens,
    exposure: photo.exposure,
    location: latitude === null || longitude === null ? null : { latitude, longitude },
    keywords: [...photo.keywords],
    captions: captions.map(({ photoId: _, ...caption }) => caption),
  };
}

export function unknownPhoto(id: string): MedleyError {
  return new MedleyError('photo-unknown', `The library has no photo ${id}.`, { subject: id });
}

/** The most trusted caption; the store gives them in that order. */
function labelCaption(captions: readonly CaptionRow[] | undefined): PhotoLabel['caption'] {
  const [best] = captions ?? [];
  if (!best) return null;
  const { text, origin, confirmed, itm } = best;
  return { text, origin, confirmed, itm };
}
