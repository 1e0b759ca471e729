import { captionerIdOf } from '#shared/schemas/model.ts';
import type { CaptionOptions, ImageFeatures, Match, MedModel } from '#main/med/med-model.ts';
import { derivedCaptionId, type CaptionRow } from '#main/store/caption-table.ts';
import type { Store } from '#main/store/store.ts';

/** How captions are decoded in the background. */
const captionOptions: CaptionOptions = { method: 'beam', beams: 3 };

/**
 * Machine captions of photos, a list for each. A model that also matches scores them, and with them
 * the captions that the photos came with, in one call; those scores are stored here.
 */
export async function captionPhotos(
  model: MedModel,
  store: Store,
  photos: readonly (readonly [photoId: string, features: ImageFeatures])[],
): Promise<CaptionRow[][]> {
  const ids = photos.map(([id]) => id);
  const images = photos.map(([, features]) => features);
  const generated = await model.caption(images, captionOptions);
  const texts = ids.map((_, i) => generated[i]?.[0]?.text ?? '');
  if (!model.info.roles.matching) {
    return ids.map((id, i) => [machineCaption(model, id, texts[i], null)]);
  }
  const imported = await unscored(store, ids);
  const matches = await model.match(
    [...images, ...imported.map(({ photoId }) => images[ids.indexOf(photoId)])],
    [...texts, ...imported.map(({ text }) => text)],
  );
  await store.captions.replace(
    imported.map((row, n) => ({ ...row, itm: matches[ids.length + n].probability })),
  );
  return ids.map((id, i) => [machineCaption(model, id, texts[i], matches[i])]);
}

/** Captions that came with these photos and no model has judged yet. */
async function unscored(store: Store, photoIds: readonly string[]): Promise<CaptionRow[]> {
  const byPhoto = await store.captions.of(photoIds);
  return [...byPhoto.values()]
    .flat()
    .filter(({ origin, itm }) => origin === 'imported' && itm === null);
}

function machineCaption(
  model: MedModel,
  photoId: string,
  text: string,
  match: Match | null,
): CaptionRow {
  const decoding = model.decodingOf(captionOptions);
  const modelId = captionerIdOf(model.info);
  return {
    id: derivedCaptionId(photoId, `${modelId} ${JSON.stringify(decoding)}`, text),
    photoId,
    text,
    origin: 'machine',
    field: null,
    modelId,
    decoding,
    itm: match?.probability ?? null,
    createdAt: new Date().toISOString(),
    confirmed: false,
  };
}
