import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge, lineOf, presenceFile, presenceOf, type Presence } from '#main/search/presence.ts';
import { seenWordsFile } from '#main/search/seen-words.ts';

const presence: Presence = {
  word: { match: 0.5, floor: 1, cosine: 4, constant: -1 },
  sentence: { cosine: 20, constant: -10 },
  growth: 0.25,
  unseen: 2,
};
const asked = { photos: 1, isUnderstood: true, unseenShare: 0 };
const probability = (odds: number) => 1 / (1 + Math.exp(-odds));
/** The match probability whose log-odds are these. */
const match = (odds: number) => ({ probability: probability(odds) });

test('a word is judged by its match and its nearness, a sentence by its nearness, by hand', () => {
  const word = lineOf(presence, { ...asked, contentWords: 1 });
  // 0.5 x 3 + 4 x 0.2 - 1
  expect(judge(word, { match: match(3), cosine: 0.2 }).probability).toBeCloseTo(
    probability(1.3),
    6,
  );
  expect(judge(word, { match: match(1), cosine: 0.2 }).above).toBe(true);
  expect(judge(word, { match: match(1), cosine: 0.1 }).above).toBe(false);
  // What is below the floor of 1 counts as that: 0.5 + 4 x 0.2 - 1.
  expect(judge(word, { match: match(-6), cosine: 0.2 }).probability).toBeCloseTo(
    probability(0.3),
    6,
  );

  const sentence = lineOf(presence, { ...asked, contentWords: 4 });
  // (0.5 x 2 + 4 x 0.6 - 1) / 4 + (20 x 0.6 - 10) x 3 / 4
  expect(judge(sentence, { match: match(2), cosine: 0.6 })).toEqual({
    probability: expect.closeTo(probability(2.1), 6),
    above: true,
  });
  // Of a thousand photos: a quarter of ln 1000 less. With one word of four unseen: a quarter of 2 less.
  const many = lineOf(presence, { ...asked, photos: 1000, contentWords: 4, unseenShare: 0.25 });
  expect(judge(many, { match: match(2), cosine: 0.6 })).toEqual({
    probability: expect.closeTo(probability(1.6 - 0.25 * Math.log(1000)), 6),
    above: false,
  });
});

test('of what the model does not understand nothing is said to match', () => {
  const line = lineOf(presence, {
    ...asked,
    contentWords: 1,
    isUnderstood: false,
  });
  expect(judge(line, { match: match(12), cosine: 1 })).toEqual({ probability: 0, above: false });
});

test('an unknown model is taken at its word for one photo, and asked for more of many', () => {
  const three = { ...asked, contentWords: 3 };
  const one = judge(lineOf(null, three), { match: match(2), cosine: 0 });
  expect(one.probability).toBeCloseTo(probability(2), 6);
  const many = judge(lineOf(null, { ...three, photos: 100 }), { match: match(2), cosine: 0 });
  expect(many.probability).toBeCloseTo(probability(2 - 0.5 * Math.log(100)), 6);
  expect(many.above).toBe(false);
});

test('better evidence is never less likely, nor the same evidence more likely of more photos', () => {
  const weight = fc.double({ min: 0, max: 50, noNaN: true });
  const constant = fc.double({ min: -20, max: 20, noNaN: true });
  const evidence = fc.record({
    match: fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }) }),
    cosine: fc.double({ min: -1, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.option(
        fc.record({
          word: fc.record({ match: weight, floor: constant, cosine: weight, constant }),
          sentence: fc.record({ cosine: weight, constant }),
          growth: fc.double({ min: 0, max: 3, noNaN: true }),
          unseen: fc.double({ min: 0, max: 5, noNaN: true }),
        }),
      ),
      fc.nat(1e7),
      fc.nat(1e7),
      fc.nat(40),
      evidence,
      evidence,
      (known, photos, more, contentWords, one, other) => {
        const few = lineOf(known, { ...asked, contentWords, photos });
        const many = lineOf(known, { ...asked, contentWords, photos: photos + more });
        const here = judge(few, one);
        expect(here.probability).toBeGreaterThanOrEqual(0);
        expect(here.probability).toBeLessThanOrEqual(1);
        expect(judge(many, one).probability).toBeLessThanOrEqual(here.probability);
        const better = {
          match: {
            probability: Math.max(one.match.probability, other.match.probability),
          },
          cosine: Math.max(one.cosine, other.cosine),
        };
        expect(judge(few, better).probability).toBeGreaterThanOrEqual(here.probability);
      },
    ),
  );
});

test('what lies beside a model is read, and nothing else counts as known', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medley-presence-'));
  try {
    expect(await presenceOf({ folder })).toBeNull();
    await writeFile(join(folder, presenceFile), JSON.stringify(presence));
    expect(await presenceOf({ folder })).toEqual({ ...presence, seen: null });
    await writeFile(join(folder, seenWordsFile), 'ball\ndog\n');
    const { seen } = (await presenceOf({ folder })) ?? {};
    expect(['balls', 'dog', 'cat'].map((word) => seen?.has(word))).toEqual([true, true, false]);
    await writeFile(join(folder, presenceFile), JSON.stringify({ ...presence, growth: -1 }));
    expect(await presenceOf({ folder })).toBeNull();
    await writeFile(join(folder, presenceFile), '{');
    expect(await presenceOf({ folder })).toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the starter that ships comes with a line and with the words that it saw', async () => {
  const { seen } = (await presenceOf({ folder: 'resources/models/starter' })) ?? {};
  expect(['dogs', 'snowboarding', 't-shirt'].map((word) => seen?.has(word))).toEqual([
    true,
    true,
    true,
  ]);
  expect(['receipt', 'submarine'].map((word) => seen?.has(word))).toEqual([false, false]);
});
