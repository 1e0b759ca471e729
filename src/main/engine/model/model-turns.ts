/**
 * Decides who runs the model next. Background batches run one at a time and only while no search
 * is under way; a search waits for the batch that runs, then has the model to itself.
 */
export class ModelTurns {
  #interactive = 0;
  /** The batch that runs now. */
  #running: Promise<unknown> = Promise.resolve();
  /** The last batch in the queue. */
  #last: Promise<unknown> = Promise.resolve();
  #quiet: Promise<void> = Promise.resolve();
  #becomeQuiet = () => {};

  /** Runs `work` (a whole search) ahead of every background batch not yet begun. */
  interactive<T>(work: () => Promise<T>): Promise<T> {
    return this.beside(async (batch) => {
      await batch;
      return work();
    });
  }

  /**
   * The same at once, beside the batch that runs.
   *
   * @param work gets a promise of that batch's end
   */
  async beside<T>(work: (batch: Promise<unknown>) => Promise<T>): Promise<T> {
    if (this.#interactive++ === 0) {
      this.#quiet = new Promise((resolve) => (this.#becomeQuiet = resolve));
    }
    try {
      return await work(this.#running);
    } finally {
      if (--this.#interactive === 0) this.#becomeQuiet();
    }
  }

  /** Resolves once no search is under way, for work in another process that a search would wait for. */
  async quiet(): Promise<void> {
    while (this.#interactive > 0) await this.#quiet;
  }

  /** Runs one background batch when its turn comes. */
  background<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      while (this.#interactive > 0) await this.#quiet;
      const batch = work();
      this.#running = batch.catch(() => {});
      return batch;
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
