/** Pearson's statistic of counts against expected shares. */
export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce(
    (sum, count, i) => sum + (count - shares[i] * total) ** 2 / (shares[i] * total),
    0,
  );
}

/** What the statistic stays below 999 times in 1000, by Wilson and Hilferty's approximation. */
export function chiSquareLimit(degrees: number): number {
  const variance = 2 / (9 * degrees);
  return degrees * (1 - variance + 3.09 * Math.sqrt(variance)) ** 3;
}
