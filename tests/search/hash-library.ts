import type { QueryMeaning } from '#shared/query/query.ts';
import type { SearchIndex } from '#main/search/search-index.ts';
import type { SearchRequest } from '#main/search/request.ts';
import type { PhotoText } from '#main/store/tables/words.ts';
import { HashModel } from '../support/hash-model.ts';

export const model = new HashModel();
export const ids = Array.from({ length: 200 }, (_, i) => i.toString(16).padStart(32, '0'));
const vectors = new Map(ids.map((id) => [id, model.embeddingOf(id)]));

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
export const cosineOf = (vector: Float32Array, id: string) =>
  dot(vector, vectors.get(id) ?? vector);

/** Every photo with its cosine, nearest first, by looking at each one. */
export function byCosine(vector: Float32Array) {
  return ids
    .map((photoId) => ({ photoId, cosine: cosineOf(vector, photoId) }))
    .toSorted((a, b) => b.cosine - a.cosine);
}

/** 200 photos of nothing; each lower id is newer. */
export function hashIndex(
  texts: ReadonlyMap<string, readonly PhotoText[]> = new Map(),
): SearchIndex {
  return {
    count: ids.length,
    among: async () => null,
    nearest: async (vector, k) => byCosine(vector).slice(0, k),
    byWords: async () => [...texts.keys()],
    byDate: async (among) => ids.filter((id) => among?.has(id) ?? true),
    cosines: async (vector, photoIds) => new Map(photoIds.map((id) => [id, cosineOf(vector, id)])),
    texts: async () => texts,
    cards: async (photoIds) =>
      photoIds.map((id) => ({
        id,
        fileName: `${id}.jpg`,
        file: `/${id}.jpg`,
        caption: null,
        missing: false,
        ratio: 1,
        colour: 0,
      })),
    pictures: (photoIds) => [...photoIds],
    features: async (photoIds) => photoIds.map((id) => model.featuresOf(id)),
  };
}

export function request(overrides: Partial<SearchRequest> = {}): SearchRequest {
  const signal = new AbortController().signal;
  const calm = async () => {};
  return { limit: 60, sort: 'relevance', signal, calm, onProgress: () => {}, ...overrides };
}

export function meaning(sentence: string, overrides: Partial<QueryMeaning> = {}): QueryMeaning {
  return { sentence, phrases: [], excluded: [], filters: [], ...overrides };
}
