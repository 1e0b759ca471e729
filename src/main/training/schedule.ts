/** How the learning rate goes, by step. */
export interface RateSchedule {
  readonly peak: number;
  /** Steps in which it rises from nothing. */
  readonly warmUp: number;
  readonly total: number;
}

/** The rate of a step, counted from 0: linear warm-up, then half a cosine down to 0. */
export function rateAt({ peak, warmUp, total }: RateSchedule, step: number): number {
  if (step < warmUp) return (peak * (step + 1)) / warmUp;
  const progress = (step - warmUp) / Math.max(1, total - warmUp);
  return peak * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
}

/** The share of the momentum encoders' soft targets: it rises over the first epoch (`train_retrieval.py`). */
export function alphaAt(alpha: number, step: number, stepsPerEpoch: number): number {
  return alpha * Math.min(1, step / stepsPerEpoch);
}
