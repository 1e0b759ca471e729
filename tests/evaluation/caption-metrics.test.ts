import fs from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bleu4 } from '#main/evaluation/bleu.ts';
import { captionWords } from '#main/evaluation/caption-words.ts';
import { ciderD } from '#main/evaluation/cider.ts';

/** What pycocoevalcap makes of made-up captions (tools/fixtures/caption_metrics.py). */
const fixture = z
  .object({
    candidates: z.array(z.string()),
    references: z.array(z.array(z.string())),
    words: z.record(z.string(), z.string()),
    bleu4: z.number(),
    ciderD: z.number(),
  })
  .parse(
    JSON.parse(
      fs.readFileSync(new URL('../fixtures/caption-metrics.json', import.meta.url), 'utf8'),
    ),
  );

test('splits captions into words as COCO caption evaluation does', () => {
  const texts = Object.keys(fixture.words);
  expect(texts.map((text) => captionWords(text).join(' '))).toEqual(Object.values(fixture.words));
});

test('BLEU-4 equals that of COCO caption evaluation', () => {
  expect(bleu4(fixture.candidates, fixture.references)).toBeCloseTo(fixture.bleu4, 5);
});

test('CIDEr-D equals that of COCO caption evaluation', () => {
  expect(ciderD(fixture.candidates, fixture.references)).toBeCloseTo(fixture.ciderD, 8);
});

test('BLEU-4 by hand: clipping, pooled precisions, brevity', () => {
  // Unigrams 5 of 6 ("the" is clipped to 2 of its 3), bigrams 3 of 5, trigrams 2 of 4, 4-grams 1 of 3.
  const candidate = 'the cat sat on the the';
  const reference = 'the cat sat on the warm mat';
  const precision = ((5 / 6) * (4 / 5) * (3 / 4) * (2 / 3)) ** (1 / 4);
  expect(bleu4([candidate], [[reference]])).toBeCloseTo(100 * precision * Math.exp(1 - 7 / 6), 9);
});

test('BLEU-4 takes the reference closest in length, the shorter of two', () => {
  // Five words against four and six: the shorter reference counts, so no brevity penalty.
  const score = bleu4(['a b c d e'], [['a b c d', 'a b c d e f']]);
  expect(score).toBeCloseTo(100, 9);
});

test('BLEU-4 is 100 for the reference itself and 0 where no four words match', () => {
  expect(bleu4(['a dog runs on grass'], [['A dog runs on grass.']])).toBeCloseTo(100, 9);
  expect(bleu4(['a dog runs'], [['a dog runs']])).toBe(0);
});

test('CIDEr-D by hand', () => {
  // Two photos. "a" is in both, so it weighs nothing; every other n-gram weighs log 2 a time.
  // The candidate "a dog" has one unigram and one bigram of weight; both match "a dog" alone.
  const references = [['a dog'], ['a cat']];
  expect(ciderD(['a dog', 'a cat'], references)).toBeCloseTo((10 * (1 + 1)) / 4, 9);
  // One word too many: the bigram "a dog" is one of two (cosine 1/sqrt 2), the unigram likewise.
  const penalty = Math.exp(-1 / 72);
  const first = ((1 / Math.SQRT2 + 1 / Math.SQRT2) / 4) * penalty;
  expect(ciderD(['a dog runs', 'nothing'], references)).toBeCloseTo((10 * first) / 2, 9);
});
