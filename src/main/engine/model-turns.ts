/**
 * Decides who runs the model next. Background batches run one at a time and only while no search
 * is under way; a search waits for the batch that runs, then has the model to itself.
 */
export class ModelTurns {
  #interactive = 0;
  #background: Promise<unknown> = Promise.resolve();
  #quiet: Promise<void> = Promise.resolve();
  #becomeQuiet = () => {};

  /** Runs `work` (a whole search) ahead of every background batch not yet begun. */
  async interactive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#interactive++ === 0) {
      this.#quiet = new Promise((resolve) => (this.#becomeQuiet = resolve));
    }
    try {
      await this.#background;
      return await work();
    } finally {
      if (--this.#interactive === 0) this.#becomeQuiet();
    }
  }

  /** Runs one background batch when its turn comes. */
  background<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#background.then(async () => {
      while (this.#interactive > 0) await this.#quiet;
      return work();
    });
    this.#background = turn.catch(() => {});
    return turn;
  }
}
