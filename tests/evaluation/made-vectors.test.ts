import { expect, test } from 'vitest';
import { madeVectors } from '#main/evaluation/made-vectors.ts';
import { seededRandom } from '#main/med/decoding/random.ts';

const count = 2288;
const made = madeVectors(256, seededRandom(1, 1));
const photos = Array.from({ length: count }, () => made.photo());
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Cosines with all photos, the nearest first, by place: the means of some queries. */
function profile(queries: readonly Float32Array[]): number[] {
  const lists = queries.map((query) =>
    photos.map((photo) => dot(query, photo)).toSorted((a, b) => b - a),
  );
  return photos.map((_, place) => lists.reduce((sum, list) => sum + list[place], 0) / lists.length);
}

test('photos lie as far from each other as those of Flickr8k in the starter', () => {
  const near = profile(photos.slice(0, 60));
  expect(near[0]).toBeCloseTo(1, 5);
  // The first, tenth, hundredth and thousandth other photo, as measured there.
  for (const [place, measured] of [
    [1, 0.83],
    [10, 0.725],
    [100, 0.53],
    [1000, 0.171],
  ]) {
    expect(Math.abs(near[place] - measured)).toBeLessThan(0.05);
  }
});

test('and from sentences', () => {
  const near = profile(Array.from({ length: 60 }, () => made.sentence()));
  for (const [place, measured] of [
    [0, 0.69],
    [9, 0.591],
    [99, 0.418],
  ]) {
    expect(Math.abs(near[place] - measured)).toBeLessThan(0.05);
  }
});

test('no number of a vector is worth more than another', () => {
  const energy = Array.from(
    { length: 256 },
    (_, i) => (256 * photos.reduce((sum, photo) => sum + photo[i] ** 2, 0)) / count,
  );
  expect(Math.max(...energy)).toBeLessThan(4);
});
