import { expect, test } from 'vitest';
import { accountOf, type FilteredText } from '#main/bootstrap/noise-account.ts';
import { equalErrorThreshold } from '#main/bootstrap/filter-check.ts';
import { shareOf } from '#main/bootstrap/share.ts';

test.each([
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i lies where Newcombe has it', (count, of, low, high) => {
  const share = shareOf(count, of);
  expect(share.low).toBeCloseTo(low, 4);
  expect(share.high).toBeCloseTo(high, 4);
});

test('of nothing, nothing is known', () => {
  expect(shareOf(0, 0)).toEqual({ count: 0, of: 0, low: 0, high: 1 });
  expect(shareOf(5, 5).high).toBe(1);
});

const texts = (count: number, text: FilteredText) => Array.from({ length: count }, () => text);

test('noise that went, noise that stayed and right texts lost are counted apart', () => {
  const account = accountOf([
    ...texts(9, { rightness: 'wrong', kept: false }),
    ...texts(1, { rightness: 'wrong', kept: true }),
    ...texts(2, { rightness: 'right', kept: false }),
    ...texts(18, { rightness: 'right', kept: true }),
    ...texts(4, { rightness: 'unknown', kept: false }),
    ...texts(6, { rightness: 'unknown', kept: true }),
  ]);
  expect(account.removed).toMatchObject({ count: 15, of: 40 });
  expect(account.noiseRemoved).toMatchObject({ count: 9, of: 10 });
  expect(account.noiseKept).toMatchObject({ count: 1, of: 19 });
  expect(account.rightLost).toMatchObject({ count: 2, of: 20 });
});

test('the threshold is where as large a share of right texts is lost as of wrong ones stays', () => {
  // At 2, one of four right ones lies below, and two of eight wrong ones above.
  expect(equalErrorThreshold([1, 2, 3, 4], [-3, -2, -1, 0, 0, 1, 2, 5])).toBe(2);
  // Where they lie apart, nothing is lost.
  const apart = equalErrorThreshold([3, 4], [0, 1]);
  expect(apart).toBe(3);
  expect(equalErrorThreshold([3, 4], [])).toBe(0);
});
