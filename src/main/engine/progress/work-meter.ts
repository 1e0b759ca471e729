import type { TaskProgress } from '#shared/schemas/tasks.ts';
import { RateMeter } from './rate-meter.ts';

/** Follows work that knows how much of it is done: how fast it goes and how long it still takes. */
export class WorkMeter {
  readonly #meter: RateMeter;
  readonly #now: () => number;
  readonly #unit: TaskProgress['unit'];
  #done = 0;
  #total: number | null = null;
  #measured = false;
  /** When this was last updated, in milliseconds. */
  #at: number;

  constructor(unit: TaskProgress['unit'], now: () => number = () => performance.now()) {
    this.#unit = unit;
    this.#now = now;
    this.#at = now();
    this.#meter = new RateMeter(now);
  }

  /**
   * Takes note of how much is done now.
   *
   * @param measured whether the work from here on is what the rate is of: what was there before a
   *   download began did not come over the network
   */
  update(done: number, total: number | null, measured = true): void {
    const at = this.#now();
    const more = done - this.#done;
    if (this.#measured && more > 0) this.#meter.add(more, at - this.#at);
    this.#at = at;
    this.#done = done;
    this.#total = total;
    this.#measured = measured;
  }

  get progress(): TaskProgress {
    const [done, total] = [this.#done, this.#total];
    const rate = this.#measured ? this.#meter.perSecond : null;
    const known = rate !== null && rate > 0 && total !== null;
    return {
      done,
      total,
      unit: this.#unit,
      rate,
      secondsLeft: known ? Math.max(0, total - done) / rate : null,
    };
  }
}
