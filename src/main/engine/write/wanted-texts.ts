import type { TextPurpose } from '#shared/schemas/alt-text.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import { isPresent, isSetAside } from '#main/store/asset-captions.ts';
import type { ShownPhoto } from '#main/store/shown-photos.ts';
import type { Store } from '#main/store/store.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';

/** What a person wants to be said of a photo, for one purpose. */
export interface WantedText {
  readonly purpose: TextPurpose;
  /** Null where nothing is to be said any more. */
  readonly text: string | null;
  readonly modelId: string | null;
  /** Texts that were set aside: in their place something else may be written. */
  readonly setAside: readonly string[];
  /** Texts of others that stand: in their place only a person's words may be written. */
  readonly standing: readonly string[];
}

const person = 'person';

/**
 * What a person wrote, confirmed, or took away: by photo, those where anything was. What holds is the
 * latest, for each purpose.
 */
export async function wantedTexts(store: Store): Promise<Map<ShownPhoto, WantedText[]>> {
  const wanted = new Map<ShownPhoto, WantedText[]>();
  const photos = [...store.photos().values()].filter(({ assetId }) => isTouched(store, assetId));
  const rows = await store.tables.captions.of(photos.map(({ assetId }) => assetId));
  const ofCameras = await store.cameraCaptions();
  const byAsset = Map.groupBy(
    rows.filter(({ id }) => !ofCameras.has(id)),
    ({ assetId }) => assetId,
  );
  for (const photo of photos) {
    const own = byAsset.get(photo.assetId) ?? [];
    const byPurpose = Map.groupBy(own, ({ field }) => purposeOf(field));
    const texts = Array.from(byPurpose, ([purpose, about]) =>
      wantedOf(store, photo, purpose, about),
    ).filter((text) => text !== null);
    if (texts.length > 0) wanted.set(photo, texts);
  }
  return wanted;
}

/** Whether a person wrote of a photo, or decided about a caption of it. */
function isTouched({ tables }: Store, assetId: string): boolean {
  return tables.captions
    .known(assetId)
    .some(({ id, origin }) => origin === person || tables.verdicts.of(id) !== undefined);
}

function wantedOf(
  store: Store,
  photo: ShownPhoto,
  purpose: TextPurpose,
  rows: readonly CaptionRow[],
): WantedText | null {
  const setAside = rows.filter((row) => isSetAside(store.tables, row));
  const present = rows.filter((row) => isPresent(store.tables.files, row, photo));
  const standing = present.filter((row) => !setAside.includes(row));
  const chosen = standing
    .filter((row) => isChosen(store, row))
    .toSorted((a, b) => (chosenAt(store, a) < chosenAt(store, b) ? 1 : -1))[0];
  // A file says it already.
  if (chosen?.origin === 'imported' || (chosen === undefined && setAside.length === 0)) return null;
  return {
    purpose,
    text: chosen?.text ?? null,
    modelId: chosen?.modelId ?? null,
    setAside: setAside.map(({ text }) => text),
    standing: standing
      .filter(({ origin, modelId }) => origin === 'imported' && modelId === null)
      .map(({ text }) => text),
  };
}

function isChosen({ tables }: Store, { id, origin }: CaptionRow): boolean {
  return origin === person || tables.verdicts.of(id)?.verdict === 'confirmed';
}

function chosenAt({ tables }: Store, { id, createdAt }: CaptionRow): string {
  const decided = tables.verdicts.of(id)?.createdAt ?? createdAt;
  return decided > createdAt ? decided : createdAt;
}
