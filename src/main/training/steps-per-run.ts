import type { Provider } from '#shared/schemas/model.ts';

/**
 * Where a run of many steps is worth it, and how long it may take: a pause waits for its end, and a search
 * shares the device with it until then. Elsewhere a provider has no loop, and a run is one step.
 */
const longestSeconds: Partial<Readonly<Record<Provider, number>>> = { cuda: 3, cpu: 1 };
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
 * How many steps a run takes: twice as many as before while that is expected to be short enough. What is
 * trained is handed over once a run, on CUDA across the bus, which may take longer than many steps.
 */
export class StepsPerRun {
  readonly #longest: number;
  #most: number;
  #next: number;
  /** How long a run of half as many took. */
  #half = 0;

  constructor(provider: Provider, { bytesOfStep, most }: RunLimits) {
    const room = Math.max(1, Math.floor(memoryBytes / bytesOfStep));
    this.#longest = longestSeconds[provider] ?? 0;
    this.#most = most ?? Math.min(mostSteps, room);
    this.#next = most ?? 1;
  }

  /** Steps of the next run. */
  get next(): number {
    return this.#next;
  }

  /** @param seconds that a run of so many steps took */
  took(seconds: number, steps: number): void {
    if (steps < this.#next) return;
    const asManyMore = steps === 1 ? 0 : 2 * (seconds - this.#half);
    if (steps > 1 && seconds > this.#longest) {
      this.#most = Math.floor(steps / 2);
      this.#next = this.#most;
    } else if (seconds + asManyMore < this.#longest) {
      this.#half = seconds;
      this.#next = Math.min(this.#most, 2 * this.#next);
    }
  }
}
