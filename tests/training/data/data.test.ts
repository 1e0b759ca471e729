import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '#main/med/decoding/random.ts';
import { haveNegatives, negativeNoise } from '#main/training/data/hard-negatives.ts';
import { batchesOf, pairsOf } from '#main/training/data/pairs.ts';
import { splitPhotos } from '#main/training/data/photo-split.ts';
import { startTemperature } from '#main/training/parameters/start-temperature.ts';
import { alphaAt, rateAt } from '#main/training/schedule.ts';

const shares = { validation: 0.1, heldOut: 0.2 };

test('every photo is in one part, whatever the order they come in', () => {
  const keys = fc.uniqueArray(fc.string(), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(keys, fc.nat(), (names, seed) => {
      const photos = names.map((key) => ({ key }));
      const split = splitPhotos(photos, shares, seed);
      const parts = [split.train, split.validation, split.heldOut];
      expect(
        parts
          .flat()
          .map(({ key }) => key)
          .sort(),
      ).toEqual([...names].sort());
      expect(split.validation).toHaveLength(Math.round(0.1 * names.length));
      expect(split.heldOut).toHaveLength(Math.round(0.2 * names.length));
      expect(splitPhotos(photos.toReversed(), shares, seed)).toEqual(split);
    }),
  );
});

test('another seed gives another split', () => {
  const photos = Array.from({ length: 50 }, (_, i) => ({ key: `photo ${i}` }));
  const [one, other] = [1, 2].map((seed) => splitPhotos(photos, shares, seed).heldOut);
  expect(one).not.toEqual(other);
});

test('an epoch gives every pair at most once, in full batches and another order each time', () => {
  const photos = Array.from({ length: 7 }, (_, i) => {
    return [i, { key: `${i}`, file: '', captions: [`a ${i}`, `b ${i}`, `c ${i}`] }] as const;
  });
  const pairs = pairsOf(photos);
  expect(pairs).toHaveLength(21);
  expect(pairs[4]).toEqual({ photo: 1, caption: 'b 1' });
  const random = seededRandom(1, 0);
  const [first, second] = [batchesOf(pairs, 4, random), batchesOf(pairs, 4, random)];
  expect(first.map((batch) => batch.length)).toEqual([4, 4, 4, 4, 4]);
  expect(new Set(first.flat()).size).toBe(20);
  expect(second).not.toEqual(first);
});

test('noise draws hard negatives by the softmax of similarities, never of the same photo or words', () => {
  const rows = [
    { photo: 0, text: 'a dog' },
    { photo: 1, text: 'a cat' },
    { photo: 0, text: 'a big dog' },
    { photo: 2, text: 'a cat' },
    { photo: 3, text: 'a bird' },
  ];
  // Row 0 may take 1, 3 and 4, whose odds are 1 : 2 : 5.
  const similarity = new Float32Array(25).fill(50);
  similarity.set([9, Math.log(1), 9, Math.log(2), Math.log(5)], 0);
  const random = seededRandom(4, 0);
  const counts = [0, 0, 0, 0, 0];
  const draws = 8000;
  for (let i = 0; i < draws; i++) {
    const noise = negativeNoise(rows, random);
    const drawn = rows.map((_, row) => {
      const noisy = rows.map(
        (__, column) => similarity[row * 5 + column] + noise[row * 5 + column],
      );
      return noisy.indexOf(Math.max(...noisy));
    });
    counts[drawn[0]] += 1;
    expect([0, 2, 4]).toContain(drawn[1]);
    expect([1, 3, 4]).toContain(drawn[2]);
  }
  expect(counts[0] + counts[2]).toBe(0);
  for (const [column, odds] of [
    [1, 1],
    [3, 2],
    [4, 5],
  ]) {
    const expected = (draws * odds) / 8;
    expect(Math.abs(counts[column] - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test('a row has a negative where another photo has other words', () => {
  const rows = ['a', 'b'].map((text) => ({ photo: 3, text }));
  expect(haveNegatives(rows)).toEqual([false, false]);
  expect(haveNegatives([...rows, { photo: 4, text: 'a' }])).toEqual([false, true, true]);
});

test('the rate warms up and follows half a cosine; the soft targets come over an epoch', () => {
  const schedule = { peak: 2, warmUp: 4, total: 12 };
  const rates = [0, 1, 3, 4, 6, 8, 12].map((step) => rateAt(schedule, step));
  const half = Math.SQRT1_2;
  [0.5, 1, 2, 2, 1 + half, 1, 0].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 12));
  expect([0, 5, 10, 99].map((step) => alphaAt(0.4, step, 10))).toEqual([0, 0.2, 0.4, 0.4]);
});

test('the temperature to start from is the one that loses least', () => {
  // Own cosine 1 and others 0: the colder the better. Own and others alike: the warmer the better.
  const axes = [0, 1, 2].map((axis) => Float32Array.from({ length: 3 }, (_, i) => +(i === axis)));
  expect(startTemperature(axes, axes)).toBeCloseTo(0.001);
  expect(startTemperature(axes, [axes[1], axes[2], axes[0]])).toBeCloseTo(0.5);
});
