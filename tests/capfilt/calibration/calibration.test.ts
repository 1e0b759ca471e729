import { describe, expect, test } from 'vitest';
import { Calibration } from '#main/capfilt/calibration/calibration.ts';
import { chanceOfWrong, takeApart } from '#main/capfilt/calibration/mixture.ts';
import { fitNormal, logDensity } from '#main/capfilt/calibration/normal.ts';
import { logSkewedDensity } from '#main/capfilt/calibration/skewed.ts';
import type { Beliefs } from '#main/capfilt/calibration/shipped.ts';
import type { Evidence } from '#main/capfilt/judge/evidence.ts';
import { seededRandom } from '#main/med/decoding/random.ts';

const random = seededRandom(5, 0);
/** A normally distributed number, by Box and Muller. */
const draw = (mean: number, spread: number) =>
  mean + spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
/** The logarithm of a gamma variable of shape 3, which is the sum of three exponential ones. */
const drawSkewed = (mean: number, spread: number) => {
  const sum = many(3, () => -Math.log(1 - random())).reduce((a, b) => a + b);
  return mean + (spread * (Math.log(sum) - 0.9227843350984671)) / 0.6284378;
};
const many = <T>(count: number, make: () => T) => Array.from({ length: count }, make);

test('a normal distribution by hand, with a belief worth two values more', () => {
  // 1, 3 and twice 5 ± 2: mean 14 / 4; squares 2.5² + 0.5² + 2 (2² + 1.5²) = 19.
  const fitted = fitNormal([1, 3], { mean: 5, spread: 2, weight: 2 });
  expect(fitted.mean).toBeCloseTo(3.5, 12);
  expect(fitted.spread).toBeCloseTo(Math.sqrt(19 / 4), 12);
  expect(logDensity({ mean: 1, spread: 2 }, 3)).toBeCloseTo(Math.log(0.1209853622595717), 12);
});

test('a skewed distribution is what sums of exponential variables make', () => {
  const of = { mean: 7, spread: 1.6 };
  const step = 0.001;
  const moment = (power: number, about: number) =>
    many(30_000, () => 0).reduce((sum, _, i) => {
      const x = -10 + i * step;
      return sum + Math.exp(logSkewedDensity(of, x)) * (x - about) ** power * step;
    }, 0);
  expect(moment(0, 0)).toBeCloseTo(1, 6);
  expect(moment(1, 0)).toBeCloseTo(7, 5);
  expect(moment(2, 7)).toBeCloseTo(1.6 ** 2, 5);
  const drawn = many(100_000, () => drawSkewed(7, 1.6));
  for (const bound of [3, 5, 7, 8]) {
    const below = drawn.filter((x) => x < bound).length / drawn.length;
    const expected = many(Math.round((bound + 10) / step), () => 0).reduce(
      (sum, _, i) => sum + Math.exp(logSkewedDensity(of, -10 + i * step)) * step,
      0,
    );
    expect(Math.abs(below - expected)).toBeLessThan(0.01);
  }
});

describe('a mixture', () => {
  const wrong = { mean: 0, spread: 2 };
  const belief = { mean: 6, spread: 2, weight: 5 };

  test.each([0.1, 0.3, 0.6])('finds a share of %f wrong texts', (share) => {
    const scores = many(4000, () => (random() < share ? draw(0, 2) : drawSkewed(8, 1.5)));
    const mixture = takeApart(scores, wrong, belief);
    expect(mixture.share).toBeCloseTo(share, 1);
    expect(Math.abs(mixture.share - share)).toBeLessThan(0.03);
    expect(mixture.right.mean).toBeCloseTo(8, 0);
  });

  test('gives the chance of Bayes between the two kinds', () => {
    // At 2 from 0 ± 2 the density is exp(-1 / 2) / √(8 π). At 4 below 6 ± 2 it is that of y = ψ(3) - 2 √ψ'(3) =
    // -0.33409, exp(3 y - exp(y)) / 2, over the scale of 2 / √ψ'(3) = 3.18245.
    const mixture = { wrong, right: { mean: 6, spread: 2 }, share: 0.25 };
    const odds = 0.12098536 / (3 * 0.02818192);
    expect(chanceOfWrong(mixture, 2)).toBeCloseTo(odds / (1 + odds), 4);
  });

  test('never gives a better score a higher chance, whatever the widths', () => {
    for (const right of [0.5, 2, 9]) {
      const mixture = { wrong, right: { mean: 6, spread: right }, share: 0.25 };
      const chances = many(200, () => 0).map((_, i) => chanceOfWrong(mixture, i / 4 - 25));
      expect(chances.every((chance, i) => i === 0 || chance <= chances[i - 1])).toBe(true);
    }
  });

  test('of no texts is what was believed', () => {
    expect(takeApart([], wrong, belief)).toMatchObject({
      right: { mean: 6, spread: 2 },
      share: 0.1,
    });
  });
});

describe('a calibration', () => {
  const weight = 50;
  const beliefs: Beliefs = {
    match: { mean: -3, spread: 2, weight },
    cosine: { mean: 0.1, spread: 0.2, weight },
    gain: { mean: -5, spread: 5, weight },
    right: { mean: 8, spread: 2.5, weight },
  };
  const unrelated = (): Evidence => {
    const shared = draw(0, 0.7);
    const [match, cosine, gain] = many(3, () => shared + draw(0, 0.7));
    return { match: 2 * match - 3, cosine: 0.2 * cosine + 0.1, gain: 5 * gain - 5 };
  };
  /** The kinds of evidence share what they say, in the spreads of {@link unrelated}. */
  const fitting = (): Evidence => {
    const spreads = (drawSkewed(8, 1.6) / 3) * Math.hypot(0.7, 0.7);
    return { match: 2 * spreads - 3, cosine: 0.2 * spreads + 0.1, gain: 5 * spreads - 5 };
  };

  test.each([0.1, 0.3, 0.6])('means what it says where %f of the texts are wrong', (share) => {
    const texts = many(3000, () => {
      const isWrong = random() < share;
      return { isWrong, evidence: isWrong ? unrelated() : fitting() };
    });
    const own = texts.map(({ evidence }) => evidence);
    const calibration = new Calibration({ own, shuffled: many(1000, unrelated) }, beliefs);
    expect(Math.abs(calibration.wrongShare - share)).toBeLessThan(0.03);
    for (const [low, high] of [
      [0, 0.05],
      [0.05, 0.5],
      [0.5, 0.95],
      [0.95, 1],
    ]) {
      const inside = texts
        .map(({ isWrong, evidence }) => ({ isWrong, chance: calibration.wrong(evidence) }))
        .filter(({ chance }) => chance >= low && chance <= high);
      const said = inside.reduce((sum, { chance }) => sum + chance, 0) / inside.length;
      const true_ = inside.filter(({ isWrong }) => isWrong).length / inside.length;
      // Four standard errors of the count, and three points of the fit.
      const error = 4 * Math.sqrt((said * (1 - said)) / inside.length) + 0.03;
      expect(Math.abs(said - true_)).toBeLessThan(error);
    }
  });

  test('of few texts leans on what is believed, and still tells them apart', () => {
    const calibration = new Calibration({ own: [fitting()], shuffled: [] }, beliefs);
    expect(calibration.wrong({ match: 4, cosine: 0.7, gain: 8 })).toBeLessThan(0.02);
    expect(calibration.wrong({ match: -4, cosine: 0.05, gain: -9 })).toBeGreaterThan(0.8);
    expect(calibration.wrong({ match: -4, cosine: 0.05, gain: null })).toBeGreaterThan(0.8);
  });
});
