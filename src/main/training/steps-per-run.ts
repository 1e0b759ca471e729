import type { Provider } from '#shared/schemas/model.ts';

/** How long a run may take: a search, a pause or the end of the application waits for it. */
const longestSeconds = 2;
/** The most memory for the patch features of a run's batches. */
const memoryBytes = 512 * 1024 ** 2;
const mostSteps = 32;

export interface RunLimits {
  /** Of the patch features of a step's batches. */
  readonly bytesOfStep: number;
  /** The most steps a run, where that is asked for. */
  readonly most?: number | undefined;
}

/**
 * How many steps a run takes. On CUDA what is trained crosses the bus once a run, so runs grow while
 * they are short; elsewhere the states of a loop lie in memory anyhow, and a run is one step.
 */
export class StepsPerRun {
  readonly #most: number;
  #next: number;

  constructor(provider: Provider, { bytesOfStep, most }: RunLimits) {
    const room = Math.max(1, Math.floor(memoryBytes / bytesOfStep));
    this.#most = most ?? (provider === 'cuda' ? Math.min(mostSteps, room) : 1);
    this.#next = most ?? 1;
  }

  /** Steps of the next run. */
  get next(): number {
    return this.#next;
  }

  /** @param seconds that a run of so many steps took */
  took(seconds: number, steps: number): void {
    if (steps < this.#next) return;
    if (seconds < longestSeconds / 2) this.#next = Math.min(this.#most, 2 * this.#next);
    else if (seconds > longestSeconds) this.#next = Math.max(1, Math.floor(this.#next / 2));
  }
}
