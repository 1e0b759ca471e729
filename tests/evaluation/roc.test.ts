import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discrimination, rocAuc } from '#main/evaluation/roc.ts';

test('area under the curve by hand, ties counting half', () => {
  // Pairs won: 0.9 beats three; 0.5 beats 0.1 and 0.2 and ties 0.5: 2.5. 5.5 of 6.
  expect(rocAuc([0.9, 0.5], [0.1, 0.5, 0.2])).toBeCloseTo(5.5 / 6, 12);
});

test('area under the curve is the share of pairs in the right order', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      let won = 0;
      for (const p of positives) for (const n of negatives) won += p > n ? 1 : p === n ? 0.5 : 0;
      expect(rocAuc(positives, negatives)).toBeCloseTo(
        won / positives.length / negatives.length,
        9,
      );
    }),
  );
});

test('accuracies by hand', () => {
  const result = discrimination([0.9, 0.8, 0.45, 0.3], [0.6, 0.2]);
  // At 0.5: two of four accepted, one of two rejected.
  expect(result.accuracy).toBeCloseTo((2 / 4 + 1 / 2) / 2, 12);
  // At 0.8: two of four, two of two, 0.75. At 0.3: four of four, one of two, 0.75 as well. The
  // lowest of the best counts. At 0.45: 3/4 and 1/2.
  expect(result.bestAccuracy).toBeCloseTo(0.75, 12);
  expect(result.bestThreshold).toBe(0.3);
  expect(result.auc).toBeCloseTo((2 + 2 + 1 + 1) / 8, 12);
});

test('a model that separates them scores 1 throughout, one that cannot scores a half', () => {
  expect(discrimination([0.9, 0.7], [0.1, 0.3])).toEqual({
    auc: 1,
    accuracy: 1,
    bestAccuracy: 1,
    bestThreshold: 0.7,
  });
  expect(discrimination([0.7, 0.7], [0.7])).toMatchObject({ auc: 0.5, bestAccuracy: 0.5 });
});

test('the best threshold is no worse than any other', () => {
  const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const { bestAccuracy, accuracy } = discrimination(positives, negatives);
      expect(bestAccuracy).toBeGreaterThanOrEqual(0.5);
      expect(bestAccuracy).toBeGreaterThanOrEqual(accuracy - 1e-12);
    }),
  );
});
