import { expect, test } from 'vitest';
import { seededRandom } from '#main/med/decoding/random.ts';
import { decideAdoption } from '#main/training/validation/adoption.ts';
import { measures } from '#main/training/validation/measures.ts';
import type { PhotoScores } from '#main/training/validation/photo-scores.ts';

const nothing: PhotoScores = {
  textToPhoto: [],
  reranked: [],
  photoToText: null,
  own: [],
  others: [],
  written: null,
};

/** Photos whose written captions have CIDEr-D about these. */
function captioned(own: number, others: number, seed: number, photos = 60): PhotoScores[] {
  const random = seededRandom(seed, 0);
  const about = (value: number) => Math.max(0, value + 0.4 * (random() - 0.5));
  return Array.from({ length: photos }, () => ({
    ...nothing,
    written: { own: about(own), others: about(others) },
  }));
}

/** Photos of whose two captions one finds its photo first and the other at a place. */
function found(place: number, photos = 40): PhotoScores[] {
  return Array.from({ length: photos }, (_, i) => ({
    ...nothing,
    textToPhoto: [0, i % 2 === 0 ? place : 0],
    reranked: [0, place],
    photoToText: place,
    own: [2, 1],
    others: [0, place - 2],
  }));
}

const measureOf = (decision: ReturnType<typeof decideAdoption>, name: string) =>
  decision.scores.find(({ measure }) => measure === name);

test('a better captioner is adopted, with the interval of its gain', () => {
  const decision = decideAdoption('captioning', captioned(0.4, 0.2, 1), captioned(0.9, 0.3, 2));
  expect(decision).toMatchObject({ adopted: true });
  const score = measureOf(decision, 'CIDEr-D');
  expect(score?.before).toBeCloseTo(0.4, 1);
  expect(score?.after).toBeCloseTo(0.9, 1);
  // Two uniform spreads of 0.4 over 60 photos: a deviation of the mean of 0.021.
  expect(score?.low).toBeGreaterThan(0.5 - 4 * 0.021);
  expect(score?.high).toBeLessThan(0.5 + 4 * 0.021);
  expect((score?.high ?? 0) - (score?.low ?? 0)).toBeGreaterThan(2 * 0.021);
});

test('one that learnt how captions sound, but not what photos show, is not', () => {
  const decision = decideAdoption('captioning', captioned(0.3, 0.2, 1), captioned(0.6, 0.5, 2));
  expect(measureOf(decision, 'CIDEr-D')?.low).toBeGreaterThan(0);
  expect(decision.adopted).toBe(false);
  expect(decision.reason).toMatch(/not surely better by CIDEr-D beyond chance/);
});

test('neither is one that is the same, better by chance alone, or worse', () => {
  const same = captioned(0.5, 0.2, 1);
  expect(decideAdoption('captioning', same, same).adopted).toBe(false);
  const few = decideAdoption('captioning', captioned(0.5, 0.3, 1, 5), captioned(0.52, 0.3, 3, 5));
  expect(few.adopted).toBe(false);
  const worse = decideAdoption('captioning', captioned(0.9, 0.2, 1), captioned(0.4, 0.2, 2));
  expect(worse.reason).toMatch(/^It is worse by CIDEr-D beyond chance/);
});

test('retrieval and filter are judged by recall and by AUC', () => {
  const better = decideAdoption('retrieval', found(3), found(0));
  expect(better.adopted).toBe(true);
  const of = (name: string) => {
    const { before = NaN, after = NaN } = measureOf(better, name) ?? {};
    return [before, after];
  };
  expect(of('text to photo R@1')).toEqual([75, 100]);
  expect(of('text to photo R@5')).toEqual([100, 100]);
  expect(of('photo to text R@1')).toEqual([0, 100]);
  expect(of('re-ranked R@1')).toEqual([50, 100]);
  expect(of('mean recall')).toEqual([(75 + 0 + 4 * 100) / 6, 100]);
  // Of the pairs (2, 1) against (0, 1) three are right and one is a tie.
  expect(of('matching AUC')).toEqual([3.5 / 4, 1]);
  expect(decideAdoption('filter', found(3), found(0)).adopted).toBe(true);
  expect(better).toMatchObject({ better: ['mean recall'], worse: [], unsure: [] });
  expect(decideAdoption('filter', found(0), found(3)).reason).toMatch(
    /^It is worse by matching AUC/,
  );
});

test('a search that finds photos no better than chance is not better', () => {
  const photos = 40;
  /** Photos of a caption each, at these places by either way of searching. */
  const at = (place: (photo: number) => number): PhotoScores[] =>
    Array.from({ length: photos }, (_, i) => ({
      ...nothing,
      textToPhoto: [place(i)],
      photoToText: place(i),
    }));
  const last = at(() => photos - 1);
  // Every place once, as a draw would have it: of 40 photos 1, 5 and 10 are found.
  const drawn = decideAdoption(
    'retrieval',
    last,
    at((i) => i),
  );
  expect(measureOf(drawn, 'mean recall')?.after).toBeCloseTo((100 * (1 + 5 + 10)) / 40 / 3, 9);
  expect(measureOf(drawn, 'mean recall')?.low).toBeGreaterThan(0);
  expect(drawn.adopted).toBe(false);
  expect(
    decideAdoption(
      'retrieval',
      last,
      at((i) => i / 3),
    ).adopted,
  ).toBe(true);
});

test('what chance finds hangs on how many captions a photo has', () => {
  const recall = measures.find(({ name }) => name === 'mean recall');
  const random = seededRandom(4, 0);
  const counts = Array.from({ length: 30 }, (_, i) => 1 + (i % 5));
  const texts = counts.flatMap((count, photo) => Array.from({ length: count }, () => photo));
  const shuffledTexts = () =>
    texts.map((photo) => ({ photo, key: random() })).sort((a, b) => a.key - b.key);
  const draw = (): PhotoScores[] =>
    counts.map((count, photo) => ({
      ...nothing,
      textToPhoto: Array.from({ length: count }, () => Math.floor(random() * counts.length)),
      photoToText: shuffledTexts().findIndex((text) => text.photo === photo),
    }));
  const draws = Array.from({ length: 400 }, () => recall?.of(draw()) ?? NaN);
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  // A draw strays by about 4: the mean of 400 by 0.2.
  expect(Math.abs(mean - (recall?.chance?.(draw()) ?? NaN))).toBeLessThan(0.8);
});

test('a filter that tells right from wrong captions no better than chance is not better', () => {
  const told = (own: number[], others: number[]): PhotoScores[] =>
    Array.from({ length: 60 }, () => ({ ...nothing, own, others }));
  // Of the pairs, none is right at first, and half of them are then.
  const decision = decideAdoption('filter', told([0, 0], [1, 1]), told([0, 2], [1, 1]));
  expect(measureOf(decision, 'matching AUC')).toMatchObject({ before: 0, after: 0.5 });
  expect(decision.adopted).toBe(false);
  expect(decideAdoption('filter', told([0, 0], [1, 1]), told([2, 2], [1, 1])).adopted).toBe(true);
});
