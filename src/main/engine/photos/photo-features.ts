import { MedleyError } from '#shared/errors.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import { suffices } from '#main/med/model/features.ts';
import type { ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { Store } from '#main/store/store.ts';
import { unknownPhoto } from './photo-cards.ts';

interface FeatureParts {
  readonly store: Store;
  readonly features: FeatureCache;
  readonly importer: Importer;
}

/**
 * Features of a photo for every use of a model, those at hand or made now from its file.
 *
 * @throws MedleyError `photo-unknown`, `file-missing`, and what is wrong with a file that cannot be decoded
 */
export async function photoFeatures(
  { store, features, importer }: FeatureParts,
  model: MedModel,
  photoId: string,
): Promise<ImageFeatures> {
  const photo = store.photos().get(photoId);
  if (photo === undefined) throw unknownPhoto(photoId);
  const cached = features.get(photo.pictureId);
  if (cached !== undefined && suffices(cached, 'everything', model.info)) return cached;
  const path = store.pathOfPicture(photo.pictureId);
  if (path === undefined) {
    throw new MedleyError(
      'file-missing',
      'The photo’s file is not there. Connect its disk and try again.',
      { subject: photoId },
    );
  }
  const input = model.inputOf(await importer.squares(path, model.inputSides));
  const [made] = await model.embedImages([input], 'everything');
  features.set(photo.pictureId, made.features);
  return made.features;
}
