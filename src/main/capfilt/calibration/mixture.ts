import { fitNormal, logDensity, type Belief, type Normal } from './normal.ts';
import { logSkewedDensity } from './skewed.ts';

/** Scores of texts of which a part belongs to other pictures. */
export interface Mixture {
  /** Of texts about other pictures. */
  readonly wrong: Normal;
  /** Of texts about their own picture, skewed as {@link logSkewedDensity}. */
  readonly right: Normal;
  /** The share of texts about other pictures, in (0, 1). */
  readonly share: number;
}

/** Rounds in which right texts are told from wrong ones ever better. */
const rounds = 50;
/** What is believed of the share of wrong texts before any is seen, worth so many texts. */
const believedShare = { share: 0.1, weight: 10 };

/**
 * Takes scores apart into those of right and of wrong texts, where it is known how wrong ones score: a text held
 * against a picture drawn at random is wrong. Half of the wrong texts score below the middle of those, and hardly
 * a right one does, so that twice the texts down there are the wrong ones (as Storey, 2002, finds the share of
 * true null hypotheses); what is left then tells how right ones score, by expectation maximisation.
 *
 * @param right what is believed of right texts
 */
export function takeApart(scores: readonly number[], wrong: Normal, right: Belief): Mixture {
  const share = shareOfWrong(scores, wrong);
  let mixture: Mixture = { wrong, right, share };
  for (let round = 0; round < rounds; round++) {
    const weights = scores.map((score) => 1 - chanceOfWrong(mixture, score));
    const fitted = fitNormal(scores, right, weights);
    // Right texts fit their pictures better than any other, however few there are.
    mixture = { wrong, right: { ...fitted, mean: Math.max(fitted.mean, wrong.mean) }, share };
  }
  return mixture;
}

function shareOfWrong(scores: readonly number[], wrong: Normal): number {
  const below = scores.filter((score) => score < wrong.mean).length;
  const { share, weight } = believedShare;
  const found = (2 * below + share * weight) / (scores.length + weight);
  return Math.min(found, 0.99);
}

/**
 * Chance in [0, 1] that a text with this score belongs to another picture. It never rises with the score:
 * beyond the middle of either kind the curves of two widths would cross once more.
 */
export function chanceOfWrong({ wrong, right, share }: Mixture, score: number): number {
  const inside = Math.min(Math.max(score, wrong.mean), right.mean);
  const odds =
    Math.log(share / (1 - share)) + logDensity(wrong, inside) - logSkewedDensity(right, inside);
  return 1 / (1 + Math.exp(-odds));
}
