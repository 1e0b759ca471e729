/** A normal distribution. */
export interface Normal {
  readonly mean: number;
  /** Standard deviation. */
  readonly spread: number;
}

/** Natural logarithm of the density. */
export function logDensity({ mean, spread }: Normal, x: number): number {
  return -(((x - mean) / spread) ** 2) / 2 - Math.log(spread * Math.sqrt(2 * Math.PI));
}

/** What is believed before anything is seen, and how many observations that is worth. */
export interface Belief extends Normal {
  readonly weight: number;
}

/**
 * The normal distribution of weighted values, with a belief counted as so many values more.
 *
 * @param weights one a value, 1 where they are left out
 */
export function fitNormal(
  values: readonly number[],
  belief: Belief,
  weights: readonly number[] = values.map(() => 1),
): Normal {
  let total = belief.weight;
  let sum = belief.weight * belief.mean;
  values.forEach((value, i) => {
    total += weights[i];
    sum += weights[i] * value;
  });
  const mean = sum / total;
  let squares = belief.weight * (belief.spread ** 2 + (belief.mean - mean) ** 2);
  values.forEach((value, i) => {
    squares += weights[i] * (value - mean) ** 2;
  });
  return { mean, spread: Math.sqrt(squares / total) };
}
