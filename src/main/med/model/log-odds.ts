/** The log-odds of a probability; finite also where that is 0 or 1 to its last digit. */
export function logOdds(probability: number): number {
  const inside = Math.min(Math.max(probability, 1e-7), 1 - 1e-7);
  return Math.log(inside / (1 - inside));
}

export function probabilityOf(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
