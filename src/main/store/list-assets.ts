import { captionsOf, type Present } from './asset-captions.ts';
import type { Store } from './store.ts';
import type { CaptionRow } from './tables/captions.ts';
import type { FileRow } from './tables/files.ts';

export interface ListedCaption extends Pick<
  CaptionRow,
  'id' | 'text' | 'origin' | 'field' | 'modelId'
> {
  readonly confirmed: boolean;
  /** Scores for the picture that the asset shows. */
  readonly scores: readonly { readonly modelId: string | null; readonly value: number }[];
}

/** An asset with all that the library knows of it. */
export interface ListedAsset {
  readonly id: string;
  /** What it shows, or showed last; null where its content is lost. */
  readonly pictureId: string | null;
  readonly files: readonly Pick<FileRow, 'path' | 'missing'>[];
  /** Those that speak of the photo as it is, the most trusted first. */
  readonly captions: readonly ListedCaption[];
  /** The models, or tables, that hold a vector of its picture. */
  readonly vectors: readonly string[];
}

/** Every asset there ever was, in the order of ids. */
export async function listAssets(store: Store): Promise<ListedAsset[]> {
  const { assets, files, scores } = store.tables;
  const ids = [...assets.ids()].sort();
  const vectors = await store.picturesWithVectors();
  const present = new Map(ids.flatMap((id) => presentOf(store, id)));
  const captions = await captionsOf(store.tables, present);
  const scored = await scores.of([...captions.values()].flat().map(({ id }) => id));
  return ids.map((id) => {
    const pictureId = present.get(id)?.pictureId ?? null;
    return {
      id,
      pictureId,
      files: files.ofAsset(id).map(({ path, missing }) => ({ path, missing })),
      captions: (captions.get(id) ?? []).map(({ id, text, origin, field, modelId, confirmed }) => ({
        id,
        text,
        origin,
        field,
        modelId,
        confirmed,
        scores: (scored.get(id) ?? [])
          .filter((score) => score.pictureId === pictureId)
          .map(({ modelId, value }) => ({ modelId, value })),
      })),
      vectors: [...vectors].flatMap(([name, pictures]) =>
        pictureId !== null && pictures.has(pictureId) ? [name] : [],
      ),
    };
  });
}

/** An asset that is not on show is as it was when it was. */
function presentOf(store: Store, id: string): [string, Present][] {
  const shown = store.photos().get(id);
  const contents = store.tables.contents.ofAsset(id);
  const last = contents.at(-1);
  if (shown !== undefined) return [[id, shown]];
  if (last === undefined) return [];
  const contentIds = new Set(contents.map((each) => each.id));
  return [[id, { pictureId: last.pictureId, contentIds }]];
}
