/** Sizes tried, each twice the one before. */
const sizes = [1, 2, 4, 8, 16, 32] as const;
/** Where to begin: near enough to either end, and the first captions come soon. */
const firstSize = 4;
/** Runs of a size that are measured, after one that warms up. */
const runs = 2;
/** How much faster twice the size must be to be worth its memory and the longer wait for a turn. */
const worthwhile = 1.1;
/** A search waits for the batch that runs, so none should take much longer than this. */
const longestMs = 2000;

/**
 * Finds the batch size for one call of a model while it works: twice as large as long as that is
 * faster, fits, and ends soon enough.
 */
export class BatchTuner {
  #index: number = sizes.indexOf(firstSize);
  #settled = false;
  #rates: number[] = [];
  /** Best rate of the size before, in items a millisecond. */
  #rateBefore = 0;

  /** @param known a size found earlier. */
  constructor(known?: number) {
    if (known === undefined) return;
    this.#index = Math.max(
      0,
      sizes.findLastIndex((size) => size <= known),
    );
    this.#settled = true;
  }

  get size(): number {
    return sizes[this.#index];
  }

  /** Whether this size is final. */
  get settled(): boolean {
    return this.#settled;
  }

  /**
   * Notes how long a batch took. A batch of another size than asked for says nothing.
   * @returns whether the next size is worth trying; {@link grow} or {@link settle} then.
   */
  note(items: number, milliseconds: number): boolean {
    if (this.#settled || items !== this.size) return false;
    this.#rates.push(items / milliseconds);
    if (milliseconds > longestMs && (this.#rates.length > 1 || milliseconds > 2 * longestMs)) {
      this.#shrink();
      return false;
    }
    if (this.#rates.length <= runs) return false;
    const rate = Math.max(...this.#rates.slice(1));
    if (rate < worthwhile * this.#rateBefore) {
      this.#step(-1);
      this.settle();
      return false;
    }
    const largest = this.#index === sizes.length - 1;
    if (largest || (2 * this.size) / rate > longestMs) {
      this.settle();
      return false;
    }
    this.#rateBefore = rate;
    return true;
  }

  grow(): void {
    this.#step(1);
  }

  settle(): void {
    this.#settled = true;
  }

  /** No more than so many fit. */
  limit(most: number): void {
    while (this.#index > 0 && this.size > most) this.#step(-1);
    this.settle();
  }

  /** Too slow: the next smaller size is measured, unless the one before it was already. */
  #shrink(): void {
    const measured = this.#rateBefore > 0;
    this.#step(-1);
    if (measured || this.#index === 0) this.settle();
  }

  #step(by: 1 | -1): void {
    this.#index = Math.min(Math.max(this.#index + by, 0), sizes.length - 1);
    this.#rates = [];
  }
}
