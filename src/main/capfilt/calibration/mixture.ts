import { fitNormal, logDensity, type Belief, type Normal } from './normal.ts';

/** Scores of texts of which a part belongs to other pictures. */
export interface Mixture {
  /** Of texts about other pictures. */
  readonly wrong: Normal;
  /** Of texts about their own picture. */
  readonly right: Normal;
  /** The share of texts about other pictures, in (0, 1). */
  readonly share: number;
}

/** Rounds at most, and the change of the share at which nothing moves any more. */
const rounds = 500;
const settled = 1e-5;
/** How much is believed of the share of wrong texts before any is seen: 1 in 10, worth so many texts. */
const believedShare = { share: 0.1, weight: 10 };

/**
 * Takes scores apart into those of right and of wrong texts by expectation maximisation, where it is known
 * how wrong ones score: a text held against a picture drawn at random is wrong.
 *
 * @param right what is believed of right texts
 */
export function takeApart(scores: readonly number[], wrong: Normal, right: Belief): Mixture {
  let mixture: Mixture = { wrong, right, share: 0.5 };
  for (let round = 0; round < rounds; round++) {
    const chances = scores.map((score) => chanceOfWrong(mixture, score));
    const wrongs = chances.reduce((sum, chance) => sum + chance, 0);
    const fitted = fitNormal(
      scores,
      right,
      chances.map((chance) => 1 - chance),
    );
    const before = mixture.share;
    const { share, weight } = believedShare;
    mixture = {
      wrong,
      // Right texts fit their pictures better than any other, however few there are.
      right: { ...fitted, mean: Math.max(fitted.mean, wrong.mean) },
      share: (wrongs + share * weight) / (scores.length + weight),
    };
    if (Math.abs(mixture.share - before) < settled) break;
  }
  return mixture;
}

/**
 * Chance in [0, 1] that a text with this score belongs to another picture. It never rises with the score:
 * beyond the middle of either kind the curves of two widths would cross once more.
 */
export function chanceOfWrong({ wrong, right, share }: Mixture, score: number): number {
  const inside = Math.min(Math.max(score, wrong.mean), right.mean);
  const odds =
    Math.log(share / (1 - share)) + logDensity(wrong, inside) - logDensity(right, inside);
  return 1 / (1 + Math.exp(-odds));
}
