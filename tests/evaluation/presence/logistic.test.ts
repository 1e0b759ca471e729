import { expect, test } from 'vitest';
import {
  fitLogistic,
  logLikelihood,
  type Observation,
} from '#main/evaluation/presence/logistic.ts';
import { seededRandom } from '#main/med/decoding/random.ts';

function seen(features: readonly number[], happened: number, not: number): Observation[] {
  return [
    { features, happened: true, weight: happened },
    { features, happened: false, weight: not },
  ];
}

test('the log-odds of what was counted, by hand', () => {
  // 3 of 4 without the feature, 1 of 3 with it: ln 3, and ln 0.5 in all.
  const [constant, weight] = fitLogistic([...seen([1, 0], 3, 1), ...seen([1, 1], 1, 2)], []);
  expect(constant).toBeCloseTo(Math.log(3), 5);
  expect(constant + weight).toBeCloseTo(Math.log(0.5), 5);
});

test('the likelihood of what happened, by hand', () => {
  // Log-odds of ln 3: 3/4 where it happened, counted twice, and 1/4 where it did not.
  expect(logLikelihood([...seen([1], 2, 1)], [Math.log(3)])).toBeCloseTo(
    2 * Math.log(3 / 4) + Math.log(1 / 4),
    9,
  );
});

test('a weight that may not be below 0 is 0, and the others are the best without it', () => {
  const all = [...seen([1, 0], 3, 1), ...seen([1, 1], 1, 2)];
  const [constant, weight] = fitLogistic(all, [1]);
  expect(weight).toBe(0);
  // 4 of 7 in all.
  expect(constant).toBeCloseTo(Math.log(4 / 3), 5);
});

test('no other weights are likelier, by finite differences', () => {
  const random = seededRandom(5, 0);
  const observations = Array.from({ length: 200 }, (): Observation => {
    const features = [1, random() * 3, random() * 40 - 20];
    const odds = 0.5 + features[1] - 0.1 * features[2];
    return { features, happened: random() < 1 / (1 + Math.exp(-odds)), weight: random() };
  });
  const fitted = fitLogistic(observations, []);
  for (const place of [0, 1, 2]) {
    for (const step of [1e-3, -1e-3]) {
      const moved = fitted.with(place, fitted[place] + step);
      expect(logLikelihood(observations, moved)).toBeLessThan(logLikelihood(observations, fitted));
    }
  }
});

test('what can be told apart entirely gets finite weights', () => {
  const weights = fitLogistic([...seen([1, 0], 0, 1), ...seen([1, 1], 1, 0)], []);
  expect(weights.every(Number.isFinite)).toBe(true);
  expect(weights[0] + weights[1]).toBeGreaterThan(3);
});
