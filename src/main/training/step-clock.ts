/** How much the newest run counts in the mean. */
const newest = 0.1;

/** Foretells how long steps will take from how long they took. */
export class StepClock {
  #mean: number | null = null;

  /** @param seconds that so many steps took */
  took(seconds: number, steps: number): void {
    const each = seconds / steps;
    this.#mean = this.#mean === null ? each : this.#mean + newest * (each - this.#mean);
  }

  /** Null before the first step. */
  secondsFor(steps: number): number | null {
    return this.#mean === null ? null : this.#mean * steps;
  }
}
