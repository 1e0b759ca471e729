import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plantNoise } from '#main/bootstrap/planted-noise.ts';
import { RightTexts } from '#main/bootstrap/right-texts.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { TrainingPhoto } from '#main/training/data/training-photos.ts';

function photosWith(counts: readonly number[]): TrainingPhoto[] {
  return counts.map((count, i) => ({
    key: `photo ${i}`,
    file: `${i}.jpg`,
    captions: Array.from({ length: count }, (_, text) => `text ${text} of ${i}`),
  }));
}

const textsOf = (photos: readonly TrainingPhoto[]) => photos.flatMap(({ captions }) => captions);

test('texts that change photos are all said still, and each photo has as many as before', () => {
  const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(
      counts,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      (each, random, seed) => {
        const photos = photosWith(each);
        const noisy = plantNoise(photos, { random, nearest: 0 }, [], seededRandom(seed, 0));
        expect(textsOf(noisy).sort()).toEqual(textsOf(photos).sort());
        expect(noisy.map(({ captions }) => captions.length)).toEqual(each);
      },
    ),
  );
});

test('of photos with a text each, the share that was asked for is of another photo', () => {
  const photos = photosWith(Array.from({ length: 40 }, () => 1));
  const plant = () => plantNoise(photos, { random: 0.3, nearest: 0 }, [], seededRandom(2, 0));
  const truth = new RightTexts(photos);
  const wrong = plant().filter(({ key, captions }) => truth.of(key, captions[0]) === 'wrong');
  expect(wrong).toHaveLength(12);
  expect(plant()).toEqual(plant());
});

test('the text of the photo that looks most alike takes the place of the own one', () => {
  const photos = photosWith([1, 2, 1]);
  const noisy = plantNoise(photos, { random: 0, nearest: 1 }, [2, 0, 1], seededRandom(1, 0));
  expect(noisy.map(({ captions }) => captions)).toEqual([
    ['text 0 of 2'],
    ['text 0 of 0', 'text 0 of 0'],
    ['text 0 of 1'],
  ]);
});

test('a text is right or wrong only where that is known', () => {
  const truth = new RightTexts([
    { key: 'a', file: 'a.jpg', captions: ['A dog runs.', 'a brown dog'] },
    { key: 'b', file: 'b.jpg', captions: ['a cat', 'a brown dog'] },
  ]);
  expect(truth.of('a', 'a dog runs')).toBe('right');
  expect(truth.of('b', 'a dog runs')).toBe('wrong');
  expect(truth.of('b', 'A brown dog!')).toBe('right');
  // Said of no photo, or of a photo of which nothing is known.
  expect(truth.of('a', 'a dog')).toBe('unknown');
  expect(truth.of('c', 'a cat')).toBe('unknown');
});
