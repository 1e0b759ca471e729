import type { ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { CaptionRow } from '#main/store/caption-table.ts';
import type { Store } from '#main/store/store.ts';

/** A photo with what the image encoder made of it. */
export type SeenPhoto = readonly [photoId: string, features: ImageFeatures];

/**
 * Scores every caption of these photos that this model has not scored, whoever wrote it, and stores
 * the scores.
 * @returns the photos.
 */
export async function scoreStoredCaptions(
  model: MedModel,
  store: Store,
  photos: readonly SeenPhoto[],
): Promise<readonly SeenPhoto[]> {
  const captions = await captionsToScore(model, store, photos);
  await store.captions.replace(await scored(model, photos, captions));
  return photos;
}

/** The stored captions of these photos that have no score by this model. */
export async function captionsToScore(
  model: MedModel,
  store: Store,
  photos: readonly SeenPhoto[],
): Promise<CaptionRow[]> {
  const byPhoto = await store.captions.of(photos.map(([id]) => id));
  return [...byPhoto.values()].flat().filter(({ itmModelId }) => itmModelId !== model.info.id);
}

/** These captions with their scores by this model, in one call. */
export async function scored(
  model: MedModel,
  photos: readonly SeenPhoto[],
  captions: readonly CaptionRow[],
): Promise<CaptionRow[]> {
  const features = new Map(photos);
  const pairs = captions.flatMap((caption) => {
    const image = features.get(caption.photoId);
    return image === undefined ? [] : [{ caption, image }];
  });
  if (pairs.length === 0) return [];
  const matches = await model.match(
    pairs.map(({ image }) => image),
    pairs.map(({ caption }) => caption.text),
  );
  return pairs.map(({ caption }, i) => ({
    ...caption,
    itm: matches[i].probability,
    itmModelId: model.info.id,
  }));
}
