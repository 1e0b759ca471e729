import type { Losses } from './training-session.ts';
import type { EpochScore } from './training-state.ts';

/** What a training says of itself while it runs. */
export interface TrainingProgress {
  readonly stage: 'features' | 'training' | 'validation' | 'comparison';
  /** Photos, steps or batches. */
  readonly done: number;
  readonly total: number;
  /** Of the last step; empty in other stages. */
  readonly losses: Losses;
  /** Of the epochs so far, the untrained model as epoch 0. */
  readonly scores: readonly EpochScore[];
  /** Null while it cannot be told. */
  readonly secondsLeft: number | null;
}

export type ProgressListener = (progress: TrainingProgress) => void;
