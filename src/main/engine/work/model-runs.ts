import { MedleyError } from '#shared/errors.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { BatchedCall, BatchSizes } from '../model/batch-sizes.ts';
import type { ModelTurns } from '../model/model-turns.ts';

export interface ModelRunsOptions {
  readonly model: MedModel;
  readonly turns: ModelTurns;
  readonly batches: BatchSizes;
  /** False once another model has taken the place of this one, which is disposed then. */
  readonly isInUse: () => boolean;
}

/** Runs of one model in the background: each in its turn, in batches whose sizes are learnt. */
export class ModelRuns {
  readonly #options: ModelRunsOptions;

  constructor(options: ModelRunsOptions) {
    this.#options = options;
  }

  /** How many photos to give the model at a time. */
  batch(call: BatchedCall): number {
    const { model, batches } = this.#options;
    return batches.next(model, call);
  }

  /** Waits for the model's turn. @throws {MedleyError} `cancelled` when it was replaced meanwhile. */
  turn<T>(work: () => Promise<T>): Promise<T> {
    const { turns, isInUse } = this.#options;
    return turns.background(() => {
      if (isInUse()) return work();
      return Promise.reject(new MedleyError('cancelled', 'Another model was chosen.'));
    });
  }

  /** Runs a batch and notes how long it took. */
  async measured<T>(
    call: BatchedCall,
    items: readonly unknown[],
    work: () => Promise<T>,
  ): Promise<T> {
    const { model, batches } = this.#options;
    const start = performance.now();
    const result = await work();
    await batches.done(model, call, items.length, performance.now() - start);
    return result;
  }
}
