import type { Activity, StageName, StageProgress } from '#shared/schemas/activity.ts';
import { RateMeter } from './rate-meter.ts';

const stageNames = [
  'scan',
  'thumbnail',
  'embed',
  'caption',
  'score',
] as const satisfies StageName[];

interface Stage {
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
  readonly waiting: Readonly<Record<StageName, number>>;
}

/**
 * Counts the work of one run, from idle to idle. Counts restart with each run, so that adding ten
 * photos to ten thousand reads "3 of 10".
 */
export class Progress {
  readonly #stages: Record<StageName, Stage>;
  /** Milliseconds of work done a second of wall time: overlap and overheads included. */
  readonly #speed: RateMeter;

  constructor(now?: () => number) {
    const stage = (): Stage => ({ done: 0, busy: 0, failed: 0, meter: new RateMeter(now) });
    this.#stages = {
      scan: stage(),
      thumbnail: stage(),
      embed: stage(),
      caption: stage(),
      score: stage(),
    };
    this.#speed = new RateMeter(now);
  }

  done(name: StageName, items: number, busyMs: number): void {
    const stage = this.#stages[name];
    stage.done += items;
    stage.busy += busyMs;
    stage.meter.add(items, busyMs);
    this.#speed.add(busyMs, busyMs);
  }

  failed(name: StageName, items: number): void {
    this.#stages[name].failed += items;
  }

  /** Whether the cost of this stage has been measured. */
  knows(name: StageName): boolean {
    return this.#stages[name].meter.cost !== null;
  }

  /** Seconds of work by stage in this run. */
  seconds(): Record<StageName, number> {
    const { scan, thumbnail, embed, caption, score } = this.#stages;
    return {
      scan: scan.busy / 1000,
      thumbnail: thumbnail.busy / 1000,
      embed: embed.busy / 1000,
      caption: caption.busy / 1000,
      score: score.busy / 1000,
    };
  }

  /** Begins a new run. */
  restart(): void {
    for (const name of stageNames) {
      this.#stages[name].done = 0;
      this.#stages[name].busy = 0;
      this.#stages[name].failed = 0;
    }
    this.resume();
  }

  /** Measures rates afresh: what passed since the last item was not work. */
  resume(): void {
    for (const name of stageNames) this.#stages[name].meter.restart();
    this.#speed.restart();
  }

  snapshot(state: Activity['state'], backlog: Backlog, failures: number): Activity {
    const stages = stageNames.map((name): StageProgress => {
      const { done, failed, meter } = this.#stages[name];
      const total = done + failed + backlog.waiting[name];
      return { name, done, total, failed, rate: state === 'running' ? meter.perSecond : null };
    });
    const secondsLeft = state === 'running' ? this.#secondsLeft(backlog) : null;
    return { state, stages, secondsLeft, failures };
  }

  /** Work left at its measured cost, over the measured speed; null while either is unknown. */
  #secondsLeft({ walking, waiting }: Backlog): number | null {
    if (walking) return null;
    let work = 0;
    for (const name of stageNames) {
      if (waiting[name] === 0) continue;
      const { cost } = this.#stages[name].meter;
      if (cost === null) return null;
      work += waiting[name] * cost;
    }
    const speed = this.#speed.perSecond;
    return speed === null || speed === 0 ? null : work / speed;
  }
}
