import { describe, expect, it } from 'vitest';
import type { SearchProgress } from '#shared/schemas/search.ts';
import {
  searchByText,
  searchByVector,
  type SearchIndex,
  type SearchRequest,
} from '#main/search/search.ts';
import { HashModel } from '../support/hash-model.ts';

const model = new HashModel();
const ids = Array.from({ length: 200 }, (_, i) => i.toString(16).padStart(32, '0'));
const features = new Map(ids.map((id) => [id, model.featuresOf(id)]));
const vectors = new Map(ids.map((id) => [id, model.embeddingOf(id)]));

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Every photo with its cosine, nearest first, by looking at each one. */
function byCosine(vector: Float32Array) {
  return ids
    .map((photoId) => ({ photoId, cosine: dot(vector, vectors.get(photoId) ?? vector) }))
    .toSorted((a, b) => b.cosine - a.cosine);
}

const index: SearchIndex = {
  nearest: async (vector, k) => byCosine(vector).slice(0, k),
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
  features: async (photoIds) => photoIds.map((id) => features.get(id) ?? null),
};

function request(overrides: Partial<SearchRequest> = {}): SearchRequest {
  const signal = new AbortController().signal;
  return { limit: 60, shortlist: 40, signal, onProgress: () => {}, ...overrides };
}

describe('searchByText', () => {
  it('orders the shortlist by logit + weighted cosine, as scoring every photo of it would', async () => {
    const text = 'a boat';
    const [vector] = await model.embedTexts([text]);
    const all = byCosine(vector);
    const matches = await model.match(
      all.map(({ photoId }) => model.featuresOf(photoId)),
      all.map(() => text),
    );
    const weight = model.info.cosineWeight;
    const scored = all.map((each, i) => ({
      ...each,
      score: matches[i].logit + weight * each.cosine,
    }));
    const shortlist = scored.slice(0, 40).toSorted((a, b) => b.score - a.score);

    const done = await searchByText(model, index, text, request());
    expect(done.stage).toBe('done');
    expect(done.results).toHaveLength(60);
    expect(done.results.map(({ id }) => id)).toEqual([
      ...shortlist.map(({ photoId }) => photoId),
      ...scored.slice(40, 60).map(({ photoId }) => photoId),
    ]);
    for (const [i, result] of done.results.slice(0, 40).entries()) {
      expect(result.score).toBeCloseTo(shortlist[i].score, 5);
      expect(result.itc).toBeCloseTo(shortlist[i].cosine, 5);
    }
    expect(done.results.slice(40).every(({ itm, itc, score }) => itm === null && itc === score));
  });

  it('shows the shortlist first, then re-ranked photos above the others', async () => {
    const states: SearchProgress[] = [];
    const done = await searchByText(
      model,
      index,
      'two dogs',
      request({ onProgress: (progress) => states.push(progress) }),
    );
    states.push(done);
    expect(states.map(({ stage, reranked }) => [stage, reranked])).toEqual([
      ['shortlist', 0],
      ['rerank', 16],
      ['rerank', 32],
      ['done', 40],
    ]);
    for (const { results, reranked } of states) {
      expect(results.findIndex(({ itm }) => itm === null)).toBe(reranked);
    }
  });

  it('leaves a photo whose file is gone below the re-ranked ones', async () => {
    const [vector] = await model.embedTexts(['a red car']);
    const [nearest] = byCosine(vector);
    const without: SearchIndex = {
      ...index,
      features: async (photoIds) =>
        photoIds.map((id) => (id === nearest.photoId ? null : (features.get(id) ?? null))),
    };
    const done = await searchByText(model, without, 'a red car', request({ shortlist: 10 }));
    expect(done.results[9]).toMatchObject({ id: nearest.photoId, itm: null });
  });

  it('stops when cancelled between batches', async () => {
    const controller = new AbortController();
    let states = 0;
    const search = searchByText(
      model,
      index,
      'a cat',
      request({
        signal: controller.signal,
        onProgress: () => {
          if (++states === 2) controller.abort();
        },
      }),
    );
    await expect(search).rejects.toMatchObject({ code: 'cancelled' });
    expect(states).toBe(2);
  });
});

describe('searchByVector', () => {
  it('returns the nearest photos by cosine, without the photo itself', async () => {
    const [id] = ids;
    const vector = model.embeddingOf(id);
    const done = await searchByVector(index, vector, id, 0, request({ limit: 5 }));
    const expected = byCosine(vector).slice(1, 6);
    expect(done.results.map((result) => result.id)).toEqual(expected.map((each) => each.photoId));
    expect(done.results.every(({ itm }) => itm === null)).toBe(true);
    expect(done).toMatchObject({ stage: 'done', shortlist: 0, reranked: 0 });
  });
});
