import type { DoubtfulWord, FilterVerdict, VerdictCounts } from '#shared/schemas/review.ts';

/** Chances of being wrong from which on a text gets a verdict. */
export interface Thresholds {
  readonly doubtful: number;
  readonly wrong: number;
  /** Share below which a word makes a text doubtful ({@link DoubtfulWord}). */
  readonly word: number;
}

/** What is thought of a text before a strictness makes a verdict of it. */
export interface Doubts {
  /** Chance that it belongs to another picture; null for a text that is not judged. */
  readonly wrong: number | null;
  readonly word: DoubtfulWord | null;
}

/** The strictness that is taken where nobody chose one. */
export const usualStrictness = 0.5;

/**
 * A text is called wrong where the chance that it belongs to another picture is at least 95 % at
 * strictness 0, 50 % at 0.5 and 5 % at 1; doubtful from a quarter of that chance on, and for a word that gets
 * less than a thousandth, a hundredth or a tenth of what is expected at its place.
 *
 * @param strict in [0, 1]
 */
export function thresholdsAt(strict: number): Thresholds {
  const wrong = 0.95 - 0.9 * strict;
  return { wrong, doubtful: wrong / 4, word: 10 ** (2 * strict - 3) };
}

export function verdictOn({ wrong, word }: Doubts, thresholds: Thresholds): FilterVerdict {
  if (wrong === null) return 'unjudged';
  if (wrong >= thresholds.wrong) return 'wrong';
  const isDoubtful = wrong >= thresholds.doubtful || isInDoubt(word, thresholds);
  return isDoubtful ? 'doubtful' : 'keep';
}

/** Whether a word makes its text doubtful. */
export function isInDoubt(word: DoubtfulWord | null, thresholds: Thresholds): boolean {
  return word !== null && word.share < thresholds.word;
}

/** What other strictnesses would make of the same texts, in tenths. */
export function whatIf(texts: readonly Doubts[]): VerdictCounts[] {
  return Array.from({ length: 11 }, (_, tenth) => countsAt(texts, tenth / 10));
}

export function countsAt(texts: readonly Doubts[], strict: number): VerdictCounts {
  const counts = { strict, keep: 0, doubtful: 0, wrong: 0, unjudged: 0 };
  const thresholds = thresholdsAt(strict);
  for (const each of texts) counts[verdictOn(each, thresholds)] += 1;
  return counts;
}
