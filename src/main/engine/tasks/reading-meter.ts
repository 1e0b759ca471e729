import type { ReadingStatus } from '#shared/schemas/models.ts';
import { RateMeter } from '../progress/rate-meter.ts';

/** Follows the reading of a model: how much is read, and how long it still takes. */
export class ReadingMeter {
  readonly #meter: RateMeter;
  readonly #now: () => number;
  #done = 0;
  #total: number | null = null;
  /** When this was last updated, in milliseconds. */
  #at: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#at = now();
    this.#meter = new RateMeter(now);
  }

  update(done: number, total: number): void {
    const at = this.#now();
    this.#meter.add(done - this.#done, at - this.#at);
    this.#at = at;
    this.#done = done;
    this.#total = total;
  }

  get status(): Pick<ReadingStatus, 'share' | 'secondsLeft'> {
    if (this.#total === null || this.#total === 0) return { share: null, secondsLeft: null };
    const rate = this.#meter.perSecond;
    return {
      share: Math.min(1, this.#done / this.#total),
      secondsLeft: rate === null || rate === 0 ? null : (this.#total - this.#done) / rate,
    };
  }
}
