import { expect, test } from 'vitest';
import { fitPresence } from '#main/evaluation/presence/fit-presence.ts';
import { scorePresence } from '#main/evaluation/presence/presence-scores.ts';
import type { Trial } from '#main/evaluation/presence/trials.ts';
import { seededRandom } from '#main/med/decoding/random.ts';

type Kind = Trial['asked']['kind'];

function trial(
  kind: Kind,
  isPresent: boolean,
  odds: number,
  cosine: number,
  unseenShare = 0,
): Trial {
  const probability = 1 / (1 + Math.exp(-odds));
  const asked =
    kind === 'absent' || kind === 'near-miss' || kind === 'nonsense'
      ? { kind, text: 'x', photo: null }
      : { kind, text: 'x', photo: 0 };
  return {
    asked,
    contentWords: kind === 'one-word' ? 1 : 4,
    isUnderstood: kind !== 'nonsense',
    unseenShare,
    size: 10,
    photos: 10,
    isPresent,
    candidates: [{ index: 0, cosine, match: { probability, logit: odds } }],
  };
}

test('shares above the line and areas under curves, by hand', () => {
  // For sentences of four words: (20 c - 10) x 3 / 4.
  const presence = {
    word: { match: 0, floor: 0, cosine: 0, constant: 0 },
    sentence: { cosine: 20, constant: -10 },
    growth: 0,
    unseen: 4,
  };
  const { sizes, chances } = scorePresence(
    [
      trial('caption', true, 1, 0.8),
      trial('caption', true, -3, 0.6),
      trial('caption', false, 0, 0.7),
      trial('absent', false, 2, 0.3),
      // (20 x 0.6 - 10) x 3 / 4 - 0.1 x 4
      trial('absent', false, -5, 0.6, 0.1),
      trial('near-miss', false, 0, 0.7),
      trial('nonsense', false, 9, 0.9),
    ],
    presence,
  );
  expect(sizes).toEqual([
    {
      size: 10,
      kinds: [
        {
          kind: 'caption',
          present: { texts: 2, above: 2 },
          removed: { texts: 1, above: 1 },
          // 0.8 is above 0.7, and 0.6 is not; by the match 1 is above 0, and -3 is not.
          againstRemoved: { line: 0.5, match: 0.5, cosine: 0.5 },
          // 0.8 beats both, 0.6 beats 0.3 and, of a word unseen, the other; 1 beats -5 and so does -3.
          againstAbsent: { line: 1, match: 2 / 4, cosine: 3.5 / 4 },
          // 0.8 is above 0.7, and 0.6 is not.
          againstNearMisses: { line: 0.5, match: 0.5, cosine: 0.5 },
        },
      ],
      absent: { texts: 2, above: 1 },
      nearMisses: { texts: 1, above: 1 },
      nonsense: { texts: 1, above: 0 },
    },
  ]);
  const counts = chances.map(({ length, bins }) => [
    length,
    bins.reduce((sum, { count }) => sum + count, 0),
  ]);
  expect(counts).toEqual([
    ['one word', 0],
    ['two or three', 0],
    ['more', 6],
  ]);
});

test('the fit finds the constants that made the trials, and never a weight below 0', () => {
  const random = seededRandom(9, 0);
  const chance = (odds: number) => 1 / (1 + Math.exp(-odds));
  const made: Trial[] = [];
  for (let i = 0; i < 8000; i++) {
    const isWord = i % 2 === 0;
    const [odds, cosine] = [random() * 8 - 4, random()];
    const unseenShare = random() < 0.3 ? 0.5 : 0;
    const ofWord = 1.6 * Math.max(odds, 1) + 5 * cosine - 4.5;
    const truth = isWord ? ofWord : ofWord / 4 + ((12 * cosine - 6) * 3) / 4;
    const isPresent = random() < chance(truth - 3 * unseenShare);
    const kind = isWord ? 'one-word' : isPresent ? 'caption' : 'absent';
    made.push(trial(kind, isPresent, odds, cosine, unseenShare));
  }
  const { word, sentence, growth, unseen } = fitPresence(made, ({ candidates: [best] }) => best);
  expect(word.floor).toBe(1);
  expect(word.match).toBeCloseTo(1.6, 0);
  expect(word.cosine).toBeGreaterThan(4);
  expect(word.cosine).toBeLessThan(6);
  expect(sentence.cosine).toBeGreaterThan(9);
  expect(sentence.cosine).toBeLessThan(15);
  expect(unseen).toBeGreaterThan(2);
  expect(unseen).toBeLessThan(4);
  expect(growth).toBeGreaterThanOrEqual(0);
});
