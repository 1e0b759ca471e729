import type { Activity, StageProgress, StageWords } from '#shared/schemas/activity.ts';
import { RateMeter } from './rate-meter.ts';

/** A stage as it is told to people. */
export interface NamedStage {
  readonly name: string;
  readonly words: StageWords;
}

interface Stage {
  readonly words: StageWords;
  done: number;
  /** Milliseconds of work in this run. */
  busy: number;
  failed: number;
  readonly meter: RateMeter;
}

/** Work waiting, derived from the state of the library each time it is asked. */
export interface Backlog {
  /** Whether folders are still being walked, so that totals are not known yet. */
  readonly walking: boolean;
  readonly waiting: ReadonlyMap<string, number>;
  /** Why work has stopped by itself; null while it has not. */
  readonly problem: string | null;
}

/**
 * Counts the work of one run, from idle to idle. Counts restart with each run, so that adding ten
 * photos to ten thousand reads "3 of 10".
 */
export class Progress {
  readonly #stages: ReadonlyMap<string, Stage>;
  /** Milliseconds of work done a second of wall time: overlap and overheads included. */
  readonly #speed: RateMeter;

  /** @param stages in the order in which photos go through them */
  constructor(stages: readonly NamedStage[], now?: () => number) {
    this.#stages = new Map(
      stages.map(({ name, words }) => [
        name,
        { words, done: 0, busy: 0, failed: 0, meter: new RateMeter(now) },
      ]),
    );
    this.#speed = new RateMeter(now);
  }

  done(name: string, items: number, busyMs: number): void {
    const stage = this.#stage(name);
    stage.done += items;
    stage.busy += busyMs;
    stage.meter.add(items, busyMs);
    this.#speed.add(busyMs, busyMs);
  }

  failed(name: string, items: number): void {
    this.#stage(name).failed += items;
  }

  /** Whether the cost of this stage has been measured. */
  knows(name: string): boolean {
    return this.#stage(name).meter.cost !== null;
  }

  /** Seconds of work by stage in this run. */
  seconds(): Map<string, number> {
    return new Map(Array.from(this.#stages, ([name, { busy }]) => [name, busy / 1000]));
  }

  /** Begins a new run. */
  restart(): void {
    for (const stage of this.#stages.values()) {
      stage.done = 0;
      stage.busy = 0;
      stage.failed = 0;
    }
    this.resume();
  }

  /** Measures rates afresh: what passed since the last item was not work. */
  resume(): void {
    for (const { meter } of this.#stages.values()) meter.restart();
    this.#speed.restart();
  }

  snapshot(state: Activity['state'], backlog: Backlog, failures: number): Activity {
    const stages = Array.from(this.#stages, ([name, stage]): StageProgress => {
      const { words, done, failed, meter } = stage;
      const total = done + failed + (backlog.waiting.get(name) ?? 0);
      const rate = state === 'running' ? meter.perSecond : null;
      return { name, words, done, total, failed, rate };
    });
    const secondsLeft = state === 'running' ? this.#secondsLeft(backlog) : null;
    const { walking, problem } = backlog;
    return {
      state,
      looking: state === 'running' && walking,
      stages,
      secondsLeft,
      failures,
      problem,
    };
  }

  /** Work left at its measured cost, over the measured speed; null while either is unknown. */
  #secondsLeft({ walking, waiting }: Backlog): number | null {
    if (walking) return null;
    let work = 0;
    for (const [name, items] of waiting) {
      if (items === 0) continue;
      const { cost } = this.#stage(name).meter;
      if (cost === null) return null;
      work += items * cost;
    }
    const speed = this.#speed.perSecond;
    return speed === null || speed === 0 ? null : work / speed;
  }

  #stage(name: string): Stage {
    const stage = this.#stages.get(name);
    if (stage === undefined) throw new RangeError(`There is no stage ${name}.`);
    return stage;
  }
}
