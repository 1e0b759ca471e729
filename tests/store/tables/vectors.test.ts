import { expect, test } from 'vitest';
import { openLibrary } from '../open-library.ts';
import { pixelsId } from '../rows.ts';

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot / Math.hypot(...a) / Math.hypot(...b);
}

test('the nearest vectors are those of a plain search over all cosines', async () => {
  const store = await openLibrary();
  const vectors = await store.vectors('starter@1', 16);
  const rows = Array.from({ length: 300 }, (_, n) => ({
    pictureId: pixelsId(n),
    vector: Float32Array.from({ length: 16 }, (_, i) => Math.sin(n * 17.3 + i * i * 3.1)),
  }));
  await vectors.append(rows);
  const query = Float32Array.from({ length: 16 }, (_, i) => Math.cos(i * 2.7));
  const expected = rows
    .map(({ pictureId, vector }) => ({ pictureId, cosine: cosine(vector, query) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, 20);
  const found = await vectors.nearest(query, 20);
  expect(found.map((each) => each.pictureId)).toEqual(expected.map((each) => each.pictureId));
  found.forEach((each, i) => expect(each.cosine).toBeCloseTo(expected[i].cosine, 5));
  expect((await vectors.get([pixelsId(5)])).get(pixelsId(5))).toEqual(rows[5].vector);
});

test('an embedding without direction or of the wrong size is refused', async () => {
  const store = await openLibrary();
  const vectors = await store.vectors('starter@1', 2);
  for (const vector of [[0, 0], [1], [Number.NaN, 1], [Infinity, 1]]) {
    const row = { pictureId: pixelsId(1), vector: Float32Array.from(vector) };
    await expect(vectors.append([row])).rejects.toMatchObject({ code: 'internal' });
  }
  expect(vectors.pictureIds().size).toBe(0);
});

test('every model has vectors of its own', async () => {
  const store = await openLibrary();
  const one = await store.vectors('starter@1', 2);
  const other = await store.vectors('starter/1', 3);
  await one.append([{ pictureId: pixelsId(1), vector: Float32Array.of(1, 0) }]);
  expect(other.pictureIds().size).toBe(0);
  expect(await store.vectors('starter@1', 2)).toBe(one);
});
