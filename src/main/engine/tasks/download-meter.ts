import type { DownloadProgress } from '#main/models/download-model.ts';
import { totalsOf } from '#main/models/list-models.ts';
import type { DownloadStatus } from '#shared/schemas/models.ts';
import { RateMeter } from '../progress/rate-meter.ts';

/** What is measured of a download while it runs. */
export type Measured = Pick<
  DownloadStatus,
  'state' | 'done' | 'total' | 'files' | 'rate' | 'secondsLeft'
>;

/** Follows a download: how much is there, how fast it comes and how long it still takes. */
export class DownloadMeter {
  readonly #meter: RateMeter;
  #progress: DownloadProgress = { state: 'listing', files: [] };
  #done = 0;
  /** When this was last updated, in milliseconds. */
  #at: number;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#at = now();
    this.#meter = new RateMeter(now);
  }

  update(progress: DownloadProgress): void {
    const { done } = totalsOf(progress.files);
    // What was there before this download began did not come over the network.
    const fetched = this.#progress.state === 'fetching' ? done - this.#done : 0;
    const at = this.#now();
    if (fetched > 0) this.#meter.add(fetched, at - this.#at);
    this.#at = at;
    this.#progress = progress;
    this.#done = done;
  }

  get status(): Measured {
    const { state, files } = this.#progress;
    const { done, total } = totalsOf(files);
    const rate = state === 'fetching' ? this.#meter.perSecond : null;
    const known = rate !== null && rate > 0 && total !== null;
    return {
      state,
      done,
      total,
      files: files.map((file) => ({ ...file })),
      rate,
      secondsLeft: known ? Math.max(0, total - done) / rate : null,
    };
  }
}
