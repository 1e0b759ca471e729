import type { Outcome } from '#main/training/train.ts';
import type { TrainingProgress } from '#main/training/training-progress.ts';
import type { ErrorShape } from '#shared/errors.ts';

/** What the process that trains is told. */
export type ToTraining =
  /** To write where it stands, and end. */
  | { readonly type: 'put-down' }
  /** To take the next step. */
  | { readonly type: 'go' };

/** What it says. */
export type FromTraining =
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  /** It waits to be told to go. */
  | { readonly type: 'ask' }
  | {
      readonly type: 'done';
      readonly outcome: Pick<Outcome, 'file' | 'card' | 'epochs'>;
      readonly unreadable: number;
    }
  | { readonly type: 'failed'; readonly error: ErrorShape };
