import type { FilterVerdict, VerdictCounts } from '#shared/schemas/review.ts';

/** Chances of being wrong from which on a text gets a verdict. */
export interface Thresholds {
  readonly doubtful: number;
  readonly wrong: number;
}

/** The strictness that is taken where nobody chose one. */
export const usualStrictness = 0.5;

/**
 * A text is called wrong where the chance that it belongs to another picture is at least 95 % at
 * strictness 0, 50 % at 0.5 and 5 % at 1; doubtful from a quarter of that chance on.
 *
 * @param strict in [0, 1]
 */
export function thresholdsAt(strict: number): Thresholds {
  const wrong = 0.95 - 0.9 * strict;
  return { wrong, doubtful: wrong / 4 };
}

/** @param wrong chance that the text belongs to another picture; null for a text that is not judged */
export function verdictOn(wrong: number | null, thresholds: Thresholds): FilterVerdict {
  if (wrong === null) return 'unjudged';
  if (wrong >= thresholds.wrong) return 'wrong';
  return wrong >= thresholds.doubtful ? 'doubtful' : 'keep';
}

/** What other strictnesses would make of the same texts, in tenths. */
export function whatIf(chances: readonly (number | null)[]): VerdictCounts[] {
  return Array.from({ length: 11 }, (_, tenth) => countsAt(chances, tenth / 10));
}

export function countsAt(chances: readonly (number | null)[], strict: number): VerdictCounts {
  const counts = { strict, keep: 0, doubtful: 0, wrong: 0, unjudged: 0 };
  const thresholds = thresholdsAt(strict);
  for (const wrong of chances) counts[verdictOn(wrong, thresholds)] += 1;
  return counts;
}
