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
  const verdicts = [null, 0.02, 0.125, 0.49, 0.5, 1].map((wrong) => verdictOn(wrong, thresholds));
  expect(verdicts).toEqual(['unjudged', 'keep', 'doubtful', 'doubtful', 'wrong', 'wrong']);
});

test('what another strictness would change is counted', () => {
  const chances = [null, 0.01, 0.06, 0.3, 0.6, 0.97];
  expect(countsAt(chances, 0.5)).toEqual({
    strict: 0.5,
    keep: 2,
    doubtful: 1,
    wrong: 2,
    unjudged: 1,
  });
  const all = whatIf(chances);
  expect(all.map(({ strict }) => strict)).toEqual([
    0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]);
  expect(all.map(({ wrong }) => wrong)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4]);
});
