import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generate } from '#main/med/decoding/generate.ts';
import { GreedySearch } from '#main/med/decoding/greedy-search.ts';
import { minLengthProcessor, repetitionProcessor } from '#main/med/decoding/logits-processors.ts';
import { hashedLanguage, ToyDecoder, type ToyLanguage } from '../generation/toy-decoder.ts';

const SEP = 0;

/** The definition: append the likeliest token until [SEP] or the limit. */
function greedyCaption(language: ToyLanguage, photo: number, min: number, max: number): number[] {
  const tokens: number[] = [];
  while (tokens.length < max) {
    const next = language(photo, [9, ...tokens]);
    if (tokens.length < min) next[SEP] = -Infinity;
    const best = next.indexOf(Math.max(...next));
    if (best === SEP) break;
    tokens.push(best);
  }
  return tokens;
}

describe('greedy search', () => {
  test('takes the best token for each photo, whatever else is in the batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 3 }),
        async (seed, photos, min) => {
          const language = hashedLanguage(4, seed);
          const processors = [minLengthProcessor(min, SEP)];
          const searches = Array.from(
            { length: photos },
            () => new GreedySearch({ maxTokens: 12, sep: SEP, processors }),
          );
          await generate(new ToyDecoder(language, 4, photos), searches, [9]);
          searches.forEach((search, photo) => {
            expect(search.results()[0].tokens).toEqual(greedyCaption(language, photo, min, 12));
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('finished photos are dropped from the batch', async () => {
    // Photo n says token 1 n times.
    const language: ToyLanguage = (photo, tokens) =>
      tokens.length - 1 < photo ? [-5, -0.1] : [-0.1, -5];
    const searches = [0, 1, 2, 8].map(
      () => new GreedySearch({ maxTokens: 12, sep: SEP, processors: [] }),
    );
    const decoder = new ToyDecoder((photo, t) => language([0, 1, 2, 8][photo], t), 2, 4);
    await generate(decoder, searches, [9]);
    expect(searches.map((search) => search.results()[0].tokens.length)).toEqual([0, 1, 2, 8]);
    expect(decoder.rowsRun).toEqual([4, 3, 2, 1, 1, 1, 1, 1, 1]);
  });
});

describe('logits processors', () => {
  test('repetition penalty divides what is positive and multiplies what is negative, once', () => {
    const scores = Float32Array.of(4, -4, 4, -4);
    repetitionProcessor(2, [0])(scores, [1, 1]);
    expect([...scores]).toEqual([2, -8, 4, -4]);
  });

  test('no [SEP] before the minimum', () => {
    const process = minLengthProcessor(2, 1);
    const [early, late] = [Float32Array.of(1, 2), Float32Array.of(1, 2)];
    process(early, [5]);
    process(late, [5, 6]);
    expect([...early, ...late]).toEqual([1, -Infinity, 1, 2]);
  });
});
