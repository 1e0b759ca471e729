import { providerTable } from '#main/runtime/provider-table.ts';
import type { Provider } from '#shared/schemas/model.ts';

/**
 * How long a run of many steps may take: a pause waits for its end, and a search shares the device with it
 * until then.
 */
const longestSeconds: Partial<Readonly<Record<Provider, number>>> = { cuda: 3, cpu: 1 };
/** The most memory for the patch features of a run's batches. */
const memoryBytes = 1024 ** 3;
const mostSteps = 32;

/** The most steps that a run can hold on a provider: one where it has no loop. */
export function mostStepsOf(provider: Provider): number {
  return providerTable[provider].loops ? mostSteps : 1;
}

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
    this.#most = Math.min(mostStepsOf(provider), most ?? room);
    this.#next = most === undefined ? 1 : this.#most;
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
