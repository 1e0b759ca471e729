/** Rates over this many milliseconds back. */
const windowMs = 20_000;
/** Items this close together are one sample. */
const grainMs = 250;
/** Below this span a rate says more about chance than about speed. */
const shortestMs = 500;

interface Sample {
  /** When the work on the first of these items began. */
  readonly from: number;
  readonly at: number;
  items: number;
  /** Milliseconds of work these items took. */
  busy: number;
}

/** Measures how fast a stage works, over a sliding window. */
export class RateMeter {
  #samples: Sample[] = [];
  #cost: number | null = null;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Records `items` finished just now after `busy` milliseconds of work. */
  add(items: number, busy: number): void {
    const at = this.#now();
    const last = this.#samples.at(-1);
    if (last && at - last.at < grainMs) {
      last.items += items;
      last.busy += busy;
    } else {
      this.#samples.push({ from: at - busy, at, items, busy });
      this.#trim();
    }
    const total = sum(this.#samples);
    if (total.items > 0) this.#cost = total.busy / total.items;
  }

  /** Items a second of wall time over the window; null before there is enough to tell. */
  get perSecond(): number | null {
    this.#trim();
    const first = this.#samples[0];
    if (!first) return null;
    const span = this.#now() - first.from;
    return span < shortestMs ? null : (1000 * sum(this.#samples).items) / span;
  }

  /** Milliseconds of work an item, last measured; null before the first. */
  get cost(): number | null {
    return this.#cost;
  }

  /** Forgets the window, as after a pause, but not the cost. */
  restart(): void {
    this.#samples = [];
  }

  #trim(): void {
    const oldest = this.#now() - windowMs;
    const keep = this.#samples.findIndex((sample) => sample.at >= oldest);
    this.#samples = keep < 0 ? [] : this.#samples.slice(keep);
  }
}

function sum(samples: readonly Sample[]): { items: number; busy: number } {
  let items = 0;
  let busy = 0;
  for (const sample of samples) {
    items += sample.items;
    busy += sample.busy;
  }
  return { items, busy };
}
