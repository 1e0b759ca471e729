import { MedleyError } from '#shared/errors.ts';
import type { ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { SearchIndex } from '#main/search/search.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { Store } from '#main/store/store.ts';
import { photoCards } from './photo-cards.ts';

/**
 * The library as the search sees it, through one model.
 * @throws {MedleyError} `bad-request` when the model cannot match.
 */
export async function openSearchIndex(
  store: Store,
  model: MedModel,
  cache: FeatureCache,
  importer: Importer,
): Promise<SearchIndex> {
  requireMatching(model);
  const vectors = await store.vectors(model.info.id, model.info.embeddingSize);

  async function pixelsOf(pictureId: string): Promise<PhotoInput | null> {
    const path = store.pathOfPicture(pictureId);
    if (path === undefined) return null;
    try {
      return model.inputOf(await importer.squares(path, model.inputSides));
    } catch (error) {
      // A photo whose file went away or broke keeps its place by cosine.
      if (error instanceof MedleyError) return null;
      throw error;
    }
  }

  async function compute(pictureIds: readonly string[]): Promise<Map<string, ImageFeatures>> {
    const pictures = await Promise.all(pictureIds.map(pixelsOf));
    const readable = pictureIds.filter((_, i) => pictures[i] !== null);
    const pixels = pictures.filter((each) => each !== null);
    const embedded = pixels.length > 0 ? await model.embedImages(pixels, 'matching') : [];
    const computed = new Map(readable.map((id, i) => [id, embedded[i].features]));
    for (const [id, features] of computed) cache.set(id, features);
    return computed;
  }

  return {
    nearest: async (vector, k) => {
      const found = await store.nearest(vectors, vector, k);
      return found.map(({ assetId, cosine }) => ({ photoId: assetId, cosine }));
    },
    cards: (photoIds) => photoCards(store, photoIds),
    features: async (photoIds) => {
      const pictures = photoIds.map((id) => store.photos().get(id)?.pictureId ?? null);
      const cached = pictures.map((id) => (id === null ? null : (cache.get(id) ?? null)));
      const missing = pictures.filter((id, i) => id !== null && cached[i] === null);
      const computed = await compute(missing.filter((id) => id !== null));
      return pictures.map((id, i) => cached[i] ?? computed.get(id ?? '') ?? null);
    },
  };
}

/** @throws {MedleyError} `bad-request` when the model cannot match, and so cannot search. */
export function requireMatching({ info }: MedModel): void {
  if (info.roles.matching) return;
  throw new MedleyError(
    'bad-request',
    `The model ${info.name} only writes captions. To search, choose one that matches.`,
    { subject: info.folder },
  );
}
