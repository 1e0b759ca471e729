import { expect, it } from 'vitest';
import { searchByVector } from '#main/search/search.ts';
import { byCosine, hashIndex, ids, model, request } from './hash-library.ts';

const index = hashIndex();

it('returns the nearest photos by cosine, without the photo itself', async () => {
  const [id] = ids;
  const vector = model.embeddingOf(id);
  const done = await searchByVector(index, vector, id, 0, request({ limit: 5 }));
  const expected = byCosine(vector).slice(1, 6);
  expect(done.results.map((result) => result.id)).toEqual(expected.map((each) => each.photoId));
  expect(done.results.every(({ itm }) => itm === null)).toBe(true);
  expect(done).toMatchObject({ stage: 'done', shortlist: 0, reranked: 0, more: true, total: null });
  const all = await searchByVector(index, vector, id, 0, request({ limit: 300 }));
  expect(all).toMatchObject({ more: false, total: 199 });
});

it('lists the nearest ones by date', async () => {
  const vector = model.embeddingOf(ids[3]);
  const done = await searchByVector(index, vector, null, 0, request({ limit: 5, sort: 'date' }));
  const expected = byCosine(vector).slice(0, 5);
  expect(done.results.map(({ id }) => id)).toEqual(expected.map(({ photoId }) => photoId).sort());
});
