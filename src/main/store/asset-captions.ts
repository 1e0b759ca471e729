import { CaptionOrigin } from '#shared/schemas/photos.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import type { CaptionRow, KnownCaption } from './tables/captions.ts';
import { contentOfObservation, pathOfObservation } from './tables/observations.ts';
import type { FileTable } from './tables/files.ts';
import type { ScoreRow } from './tables/scores.ts';
import type { Tables } from './tables/tables.ts';

/** What an asset shows and says now. */
export interface Present {
  readonly pictureId: string;
  /** The contents that its files hold. */
  readonly contentIds: ReadonlySet<string>;
}

/**
 * Whether a caption speaks of the photo as it is: a machine's of the present picture, an imported one
 * of what a file says now. A person's always does.
 */
export function isPresent(
  files: FileTable,
  { origin, pictureId, observationIds }: KnownCaption,
  present: Present,
): boolean {
  if (origin === 'machine') return pictureId === present.pictureId;
  if (origin === 'person') return true;
  return observationIds.some((id) => isSaid(files, id, present));
}

/** Whether people wrote a text, as far as is known: no model did, nor does a file only repeat what one wrote. */
export function isPersons({ origin, modelId }: Pick<KnownCaption, 'origin' | 'modelId'>): boolean {
  return origin !== 'machine' && modelId === null;
}

/** Whether a person, or what decided in a person's place, has set a caption aside. */
export function isSetAside(
  { verdicts }: Pick<Tables, 'verdicts'>,
  { id, origin }: Pick<KnownCaption, 'id' | 'origin'>,
): boolean {
  const verdict = verdicts.of(id)?.verdict;
  // What a person wrote and took back is as if it had not been written.
  return verdict === 'rejected' || (verdict === 'withdrawn' && origin === 'person');
}

/**
 * Whether a model sampled a text for a person to choose, and nobody has: it is shown where it is proposed, and
 * nowhere else.
 */
export function isProposal(
  { verdicts }: Pick<Tables, 'verdicts'>,
  { id, origin, decoding }: Pick<KnownCaption, 'id' | 'origin' | 'decoding'>,
): boolean {
  const isSampled = origin === 'machine' && decoding?.method === 'nucleus';
  return isSampled && verdicts.of(id)?.verdict !== 'confirmed';
}

/** Whether the photo, or a file beside it, still says what was observed. */
function isSaid(files: FileTable, observation: string, { contentIds }: Present): boolean {
  if (!contentIds.has(contentOfObservation(observation))) return false;
  const path = pathOfObservation(observation);
  const row = path === null ? null : files.get(path);
  return row === null || (row !== undefined && row.missing !== 'vanished');
}

/** A caption with its scores for the picture that its photo shows, the newest first. */
export interface ScoredCaption {
  readonly caption: Caption;
  readonly scores: readonly ScoreRow[];
}

/**
 * Captions with what is thought of them, by asset, the most trusted first; those that were set aside are
 * left out.
 *
 * @param ofCameras Captions that no person wrote.
 */
export async function captionsOf(
  tables: Tables,
  assets: ReadonlyMap<string, Present>,
  ofCameras: ReadonlySet<string>,
): Promise<Map<string, ScoredCaption[]>> {
  const { captions, files, scores, verdicts } = tables;
  const standing = Array.from(assets, ([assetId, present]) =>
    captions.known(assetId).filter((caption) => {
      if (ofCameras.has(caption.id) || isProposal(tables, caption)) return false;
      return isPresent(files, caption, present) && !isSetAside(tables, caption);
    }),
  ).flat();
  const ids = standing.map(({ id }) => id);
  const [said, scored] = await Promise.all([captions.said(ids), scores.of(ids)]);
  const rows = standing.flatMap((caption) => {
    const text = said.get(caption.id);
    return text === undefined ? [] : [{ ...caption, ...text }];
  });
  const byAsset = Map.groupBy(rows, (row) => row.assetId);
  return new Map(
    Array.from(byAsset, ([assetId, own]) => {
      const present = assets.get(assetId);
      const whole = own.toSorted(byTrust).map((row): ScoredCaption => {
        const all = scored.get(row.id) ?? [];
        const own = all.filter((each) => each.pictureId === present?.pictureId);
        const said = row.observationIds.find((id) => present && isSaid(files, id, present));
        const caption = {
          ...withoutPlace(row),
          file: pathOfObservation(said ?? ''),
          itm: own[0]?.value ?? null,
          itmModelId: own[0]?.modelId ?? null,
          confirmed: verdicts.of(row.id)?.verdict === 'confirmed',
        };
        return { caption, scores: own };
      });
      return [assetId, whole.sort(confirmedFirst)];
    }),
  );
}

function confirmedFirst(a: ScoredCaption, b: ScoredCaption): number {
  return Number(b.caption.confirmed) - Number(a.caption.confirmed);
}

function withoutPlace({ id, text, origin, field, modelId, decoding, createdAt }: CaptionRow) {
  return { id, text, origin, field, modelId, decoding, createdAt };
}

/** A person's first, then an imported one, a machine's; what files say first, and newest among equals. */
function byTrust(a: CaptionRow, b: CaptionRow): number {
  return (
    CaptionOrigin.options.indexOf(a.origin) - CaptionOrigin.options.indexOf(b.origin) ||
    a.rank - b.rank ||
    compare(b.createdAt, a.createdAt) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
