import { MedleyError } from '#shared/errors.ts';
import type { ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { Conditions, SearchIndex } from '#main/search/search-index.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { Store } from '#main/store/store.ts';
import { timelineOrder } from '#main/store/timeline-order.ts';
import { photosAmong, photosByWords, textsOf } from '#main/store/words/find-words.ts';
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
  const vectors = await store.vectors(model.info.imageId, model.info.embeddingSize);
  const words = await store.words.table();

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

  const picturesOf = (photoIds: readonly string[]) =>
    photoIds.map((id) => store.photos().get(id)?.pictureId ?? null);

  return {
    count: store.photos().size,
    among: async (conditions) =>
      words === null ? withoutWords(store, conditions) : await photosAmong(words, conditions),
    nearest: async (vector, k, among) => {
      const found = await store.nearest(vectors, vector, k, among);
      return found.map(({ assetId, cosine }) => ({ photoId: assetId, cosine }));
    },
    byWords: async (text, conditions, k) =>
      words === null ? [] : await photosByWords(words, text, conditions, k),
    byDate: async (among) => {
      const all = timelineOrder(store).map(({ assetId }) => assetId);
      return all.filter((id) => among?.has(id) ?? true);
    },
    cosines: async (vector, photoIds) => {
      const pictures = picturesOf(photoIds);
      const known = await vectors.get(pictures.filter((id) => id !== null));
      return new Map(
        photoIds.flatMap((id, i) => {
          const own = known.get(pictures[i] ?? '');
          return own === undefined ? [] : [[id, dot(vector, own)]];
        }),
      );
    },
    texts: async (photoIds) => (words === null ? new Map() : await textsOf(words, photoIds)),
    cards: (photoIds) => photoCards(store, photoIds),
    pictures: picturesOf,
    features: async (photoIds) => {
      const pictures = picturesOf(photoIds);
      const cached = pictures.map((id) => (id === null ? null : (cache.get(id) ?? null)));
      const missing = pictures.filter((id, i) => id !== null && cached[i] === null);
      const computed = await compute(missing.filter((id) => id !== null));
      return pictures.map((id, i) => cached[i] ?? computed.get(id ?? '') ?? null);
    },
  };
}

/** A library that could never be written knows no words: nothing can be asked of them. */
function withoutWords(store: Store, { filters, phrases, without }: Conditions): null {
  if (filters.length + phrases.length + without.length === 0) return null;
  const { database } = store.paths;
  throw new MedleyError(
    'folder-read-only',
    `Filters and exact words need a list of all words, which cannot be written into ${database}. Make that folder writable.`,
    { subject: database },
  );
}

/** Both are unit vectors. */
function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
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
