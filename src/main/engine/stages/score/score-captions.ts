import type { MedModel } from '#main/med/model/med-model.ts';
import type { Store } from '#main/store/store.ts';
import type { NewScore } from '#main/store/tables/scores.ts';
import type { SeenPhoto } from '../stage.ts';

/** A caption, and the picture it is to be compared with. */
export interface CaptionToScore {
  readonly id: string;
  readonly text: string;
  readonly pictureId: string;
}

/** The stored captions of these pictures' photos that have no score by this model. */
export async function captionsToScore(
  { info }: MedModel,
  store: Store,
  photos: readonly SeenPhoto[],
): Promise<CaptionToScore[]> {
  const pictures = new Map<string, string>();
  for (const { pictureId } of photos) {
    const photo = store.photoOfPicture(pictureId);
    if (photo !== undefined) pictures.set(photo.assetId, pictureId);
  }
  const byAsset = await store.allCaptionsOf([...pictures.keys()]);
  return [...pictures].flatMap(([assetId, pictureId]) =>
    (byAsset.get(assetId) ?? [])
      .filter(({ id }) => !store.tables.scores.has({ captionId: id, pictureId, modelId: info.id }))
      .map(({ id, text }) => ({ id, text, pictureId })),
  );
}

/** The scores of these captions by this model, in one call. */
export async function scoresOf(
  model: MedModel,
  photos: readonly SeenPhoto[],
  captions: readonly CaptionToScore[],
): Promise<NewScore[]> {
  const features = new Map(photos.map((photo) => [photo.pictureId, photo.features]));
  const pairs = captions.flatMap((caption) => {
    const image = features.get(caption.pictureId);
    return image === undefined ? [] : [{ caption, image }];
  });
  if (pairs.length === 0) return [];
  const matches = await model.match(
    pairs.map(({ image }) => image),
    pairs.map(({ caption }) => caption.text),
  );
  const createdAt = new Date().toISOString();
  return pairs.map(({ caption: { id, pictureId } }, i) => ({
    captionId: id,
    pictureId,
    modelId: model.info.id,
    value: matches[i].probability,
    createdAt,
  }));
}
