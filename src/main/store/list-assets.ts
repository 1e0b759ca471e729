import { precisionOf } from '#shared/schemas/photos.ts';
import type { Caption, Taken } from '#shared/schemas/photos.ts';
import { captionsOf, type Present, type ScoredCaption } from './asset-captions.ts';
import type { Store } from './store.ts';
import type { ContentRow } from './tables/contents.ts';
import type { FailureRow } from './tables/failures.ts';
import type { FileRow } from './tables/files.ts';
import type { ScoreRow } from './tables/scores.ts';
import type { VerdictRow } from './tables/verdicts.ts';

export interface ListedCaption extends Pick<
  Caption,
  'id' | 'text' | 'origin' | 'field' | 'file' | 'modelId' | 'confirmed'
> {
  /** Scores for the picture that the asset shows, the newest first. */
  readonly scores: readonly Pick<ScoreRow, 'modelId' | 'value'>[];
  /** The decision that holds; null where nobody decided. */
  readonly verdict: Pick<VerdictRow, 'verdict' | 'by' | 'reason' | 'createdAt'> | null;
}

export interface ListedFailure extends Pick<FailureRow, 'stage' | 'modelId' | 'code'> {
  /** Null while no file shows the picture that failed. */
  readonly file: string | null;
  readonly error: string;
}

/** An asset with what the library knows of it. */
export interface ListedAsset {
  readonly id: string;
  /** What it shows, or showed last; null where its content is lost, and so is what follows from it. */
  readonly pictureId: string | null;
  readonly contentId: string | null;
  readonly files: readonly Pick<FileRow, 'path' | 'role' | 'missing' | 'contentId'>[];
  /** Null for an undated photo. */
  readonly taken: Taken | null;
  /** Decimal degrees, WGS 84. */
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly exposure: string | null;
  readonly keywords: readonly string[];
  /** Those that speak of the photo as it is, the most trusted first. */
  readonly captions: readonly ListedCaption[];
  /** What a person should know of how it was read, in plain sentences. */
  readonly notices: readonly string[];
  readonly failures: readonly ListedFailure[];
  /** The models, or tables, that hold a vector of its picture. */
  readonly vectors: readonly string[];
}

/** What an asset shows, with the content whose facts are shown. */
export interface Standing extends Present {
  readonly contentId: string;
}

/** Assets that are read together: more take more memory, and fewer more queries, which is what takes time. */
const atOnce = 5000;

/** Every asset there ever was, in the order of ids, read as it is asked for. */
export async function* listAssets(store: Store): AsyncGenerator<ListedAsset, void> {
  const ids = [...store.tables.assets.ids()].sort();
  const vectors = await store.picturesWithVectors();
  for (let start = 0; start < ids.length; start += atOnce) {
    yield* await readAssets(store, ids.slice(start, start + atOnce), vectors);
  }
}

/** @param vectors the pictures that have one, by model or table */
export async function readAssets(
  store: Store,
  ids: readonly string[],
  vectors: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ListedAsset[]> {
  const { contents, files } = store.tables;
  const standing = new Map(
    ids.flatMap((id) => {
      const found = standingOf(store, id);
      return found === undefined ? [] : [[id, found]];
    }),
  );
  const rows = await contents.rows(Array.from(standing.values(), ({ contentId }) => contentId));
  const captions = await captionsOf(store.tables, standing, await store.cameraCaptions());
  const failed = Map.groupBy(store.tables.failures.standing(), ({ subject }) => subject);
  return ids.map((id): ListedAsset => {
    const { pictureId = null, contentId = null } = standing.get(id) ?? {};
    const own = files.ofAsset(id).toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const subjects = [...own.map(({ path }) => path), ...(pictureId === null ? [] : [pictureId])];
    return {
      id,
      pictureId,
      contentId,
      files: own.map(({ path, role, missing, contentId }) => ({ path, role, missing, contentId })),
      ...factsOf(rows.get(contentId ?? '')),
      captions: (captions.get(id) ?? []).map((caption) => listedCaption(store, caption)),
      failures: subjects
        .flatMap((subject) => failed.get(subject) ?? [])
        .map((failure) => listedFailure(store, failure, pictureId)),
      vectors: [...vectors].flatMap(([name, pictures]) =>
        pictureId !== null && pictures.has(pictureId) ? [name] : [],
      ),
    };
  });
}

/** An asset that is not on show is as it was when it was. */
export function standingOf(store: Store, id: string): Standing | undefined {
  const contents = store.tables.contents.ofAsset(id);
  const last = contents.at(-1);
  if (last === undefined) return undefined;
  const contentIds = new Set(contents.map((each) => each.id));
  return store.photos().get(id) ?? { pictureId: last.pictureId, contentId: last.id, contentIds };
}

function factsOf(content: ContentRow | undefined) {
  const { takenText: text = null, takenSource, latitude = null, longitude = null } = content ?? {};
  return {
    // Where an older Medley read it, it says no more of the source.
    taken: text === null ? null : { text, precision: precisionOf(text), source: takenSource ?? '' },
    location: latitude === null || longitude === null ? null : { latitude, longitude },
    camera: content?.camera ?? null,
    lens: content?.lens ?? null,
    exposure: content?.exposure ?? null,
    keywords: content?.keywords ?? [],
    notices: content?.notices ?? [],
  };
}

function listedCaption({ tables }: Store, { caption, scores }: ScoredCaption): ListedCaption {
  const { id, text, origin, field, file, modelId, confirmed } = caption;
  const decided = tables.verdicts.of(id);
  return {
    id,
    text,
    origin,
    field,
    file,
    modelId,
    confirmed,
    scores: scores.map(({ modelId, value }) => ({ modelId, value })),
    verdict: decided === undefined ? null : verdictOf(decided),
  };
}

function verdictOf({ verdict, by, reason, createdAt }: VerdictRow) {
  return { verdict, by, reason, createdAt };
}

function listedFailure(
  store: Store,
  { subject, stage, modelId, code, message }: FailureRow,
  pictureId: string | null,
): ListedFailure {
  const file = subject === pictureId ? (store.pathOfPicture(subject) ?? null) : subject;
  return { file, stage, modelId, code, error: message };
}
