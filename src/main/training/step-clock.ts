/** How much the newest step counts in the mean. */
const newest = 0.1;

/** Foretells how long steps will take from how long they took. */
export class StepClock {
  #mean: number | null = null;

  async time<T>(step: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await step();
    const seconds = (performance.now() - start) / 1000;
    this.#mean = this.#mean === null ? seconds : this.#mean + newest * (seconds - this.#mean);
    return result;
  }

  /** Null before the first step. */
  secondsFor(steps: number): number | null {
    return this.#mean === null ? null : this.#mean * steps;
  }
}
