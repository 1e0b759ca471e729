import { expect, test } from 'vitest';
import { countsAt, thresholdsAt, verdictOn, whatIf } from '#main/capfilt/calibration/strictness.ts';

test('the thresholds are those of the sentence', () => {
  expect(thresholdsAt(0).wrong).toBeCloseTo(0.95, 12);
  expect(thresholdsAt(0.5).wrong).toBeCloseTo(0.5, 12);
  expect(thresholdsAt(1).wrong).toBeCloseTo(0.05, 12);
  expect(thresholdsAt(0.5).doubtful).toBeCloseTo(0.125, 12);
});

test('a verdict follows from the chance', () => {
  const thresholds = thresholdsAt(0.5);
  const verdicts = [null, 0.02, 0.125, 0.49, 0.5, 1].map((wrong) =>
    verdictOn({ wrong, word: null }, thresholds),
  );
  expect(verdicts).toEqual(['unjudged', 'keep', 'doubtful', 'doubtful', 'wrong', 'wrong']);
});

test('a word makes a text doubtful that fits otherwise, and never wrong', () => {
  const word = (share: number) => ({ written: 'red', likelier: 'blue', share });
  const verdictAt = (strict: number, wrong: number | null, share: number) =>
    verdictOn({ wrong, word: word(share) }, thresholdsAt(strict));
  expect([0.009, 0.011].map((share) => verdictAt(0.5, 0.02, share))).toEqual(['doubtful', 'keep']);
  expect([0.0009, 0.0011].map((share) => verdictAt(0, 0.02, share))).toEqual(['doubtful', 'keep']);
  expect([0.09, 0.11].map((share) => verdictAt(1, 0, share))).toEqual(['doubtful', 'keep']);
  expect(verdictAt(0.5, null, 0)).toBe('unjudged');
  expect(verdictAt(0.5, 0.6, 0)).toBe('wrong');
});

test('what another strictness would change is counted', () => {
  const texts = [null, 0.01, 0.06, 0.3, 0.6, 0.97].map((wrong) => ({ wrong, word: null }));
  expect(countsAt(texts, 0.5)).toEqual({
    strict: 0.5,
    keep: 2,
    doubtful: 1,
    wrong: 2,
    unjudged: 1,
  });
  const all = whatIf(texts);
  expect(all.map(({ strict }) => strict)).toEqual([
    0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]);
  expect(all.map(({ wrong }) => wrong)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4]);
});
