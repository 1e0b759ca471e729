/** How well scores tell matching pairs from mismatched ones. All in [0, 1]. */
export interface Discrimination {
  /** Chance that a matching pair scores above a mismatched one, ties counting half. */
  readonly auc: number;
  /** Mean of the share of pairs accepted rightly and rejected rightly, at threshold 0.5. */
  readonly accuracy: number;
  /** The same at the threshold that serves these pairs best. */
  readonly bestAccuracy: number;
  /** Accept from this score on. */
  readonly bestThreshold: number;
}

/**
 * Area under the ROC curve and balanced accuracies of match probabilities. Both lists must have an
 * entry.
 */
export function discrimination(
  positives: readonly number[],
  negatives: readonly number[],
): Discrimination {
  const best = bestThreshold(positives, negatives);
  return {
    auc: rocAuc(positives, negatives),
    accuracy: balancedAccuracy(positives, negatives, 0.5),
    bestAccuracy: balancedAccuracy(positives, negatives, best),
    bestThreshold: best,
  };
}

/** Area under the ROC curve by the rank sum of Mann and Whitney, ties at their middle rank. */
export function rocAuc(positives: readonly number[], negatives: readonly number[]): number {
  const above = Float64Array.from(negatives).sort();
  let wins = 0;
  for (const score of positives) {
    wins += (countBelow(above, score, false) + countBelow(above, score, true)) / 2;
  }
  return wins / (positives.length * negatives.length);
}

/** How many of the ascending values are below `bound` (or equal, where `inclusive`). */
function countBelow(ascending: Float64Array, bound: number, inclusive: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const below = inclusive ? ascending[middle] <= bound : ascending[middle] < bound;
    if (below) low = middle + 1;
    else high = middle;
  }
  return low;
}

function balancedAccuracy(
  positives: readonly number[],
  negatives: readonly number[],
  threshold: number,
): number {
  const accepted = positives.filter((score) => score >= threshold).length / positives.length;
  const rejected = negatives.filter((score) => score < threshold).length / negatives.length;
  return (accepted + rejected) / 2;
}

function bestThreshold(positives: readonly number[], negatives: readonly number[]): number {
  const accepted = Float64Array.from(positives).sort();
  const rejected = Float64Array.from(negatives).sort();
  let best = { threshold: accepted[0], accuracy: 0 };
  for (const threshold of accepted) {
    const right =
      1 -
      countBelow(accepted, threshold, false) / accepted.length +
      countBelow(rejected, threshold, false) / rejected.length;
    if (right > best.accuracy) best = { threshold, accuracy: right };
  }
  return best.threshold;
}
