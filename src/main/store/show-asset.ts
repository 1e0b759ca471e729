import { readAssets, standingOf, type ListedAsset } from './list-assets.ts';
import type { Store } from './store.ts';
import type { CaptionRow } from './tables/captions.ts';
import type { ContentRow } from './tables/contents.ts';
import type { ObservationRow } from './tables/observations.ts';

/** An asset with all that the library knows of it. */
export interface ShownAsset extends ListedAsset {
  /** What the bytes that it shows are; null where its content is lost. */
  readonly picture: Pick<ContentRow, 'format' | 'bytes' | 'width' | 'height' | 'addedAt'> | null;
  /** What its contents say of themselves, and files beside them of these, in the order of fields. */
  readonly observations: readonly Omit<ObservationRow, 'id'>[];
  /** Those that are set aside, and those that spoke of the photo as it was. */
  readonly formerCaptions: readonly Pick<
    CaptionRow,
    'id' | 'text' | 'origin' | 'field' | 'modelId' | 'createdAt'
  >[];
}

/** @param id of an asset of the library */
export async function showAsset(store: Store, id: string): Promise<ShownAsset> {
  const { contents, captions, observations } = store.tables;
  const [asset] = await readAssets(store, [id], await store.picturesWithVectors());
  const standing = standingOf(store, id);
  const content = (await contents.rows([asset.contentId ?? ''])).get(asset.contentId ?? '');
  const said = [...(await observations.of([...(standing?.contentIds ?? [])])).values()].flat();
  const speaking = new Set(asset.captions.map((caption) => caption.id));
  const former = (await captions.of([id])).filter((row) => !speaking.has(row.id));
  return {
    ...asset,
    files: [...asset.files, ...sharedFiles(store, asset, said)],
    picture: content === undefined ? null : pictureOf(content),
    observations: said
      .toSorted((a, b) => (`${a.field} ${a.id}` < `${b.field} ${b.id}` ? -1 : 1))
      .map(({ contentId, field, value, source, path, readAt }) => ({
        contentId,
        field,
        value,
        source,
        path,
        readAt,
      })),
    formerCaptions: former
      .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .map(({ id, text, origin, field, modelId, createdAt }) => ({
        id,
        text,
        origin,
        field,
        modelId,
        createdAt,
      })),
  };
}

/** A sidecar of two photos is a file of the first; it speaks of the second too. */
function sharedFiles(
  { tables }: Store,
  asset: ListedAsset,
  said: readonly ObservationRow[],
): ListedAsset['files'] {
  const own = new Set(asset.files.map(({ path }) => path));
  const speaking = new Set(said.flatMap(({ path }) => path ?? []));
  return [...speaking].flatMap((path) => {
    const file = own.has(path) ? undefined : tables.files.get(path);
    if (file === undefined) return [];
    const { role, missing, contentId } = file;
    return [{ path, role, missing, contentId }];
  });
}

function pictureOf({ format, bytes, width, height, addedAt }: ContentRow) {
  return { format, bytes, width, height, addedAt };
}
