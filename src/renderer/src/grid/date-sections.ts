import { locale } from '../format/locale.ts';
import type { Section } from './justified-layout.ts';

/** A run of photos taken on one day, or on neighbouring days of one month. */
export interface DateSection extends Section {
  /** Seconds since 1970, local to the camera, of the first (newest) photo. */
  readonly taken: number;
}

/** A day with this many photos has a header of its own; smaller neighbours share one. */
const crowdedDay = 8;
const daySeconds = 86_400;

interface Run {
  firstDay: number;
  lastDay: number;
  taken: number;
  count: number;
}

/**
 * Groups photos (newest first) under date headers. Days with few photos are joined with their
 * neighbours inside one month, so that single photos do not each take a row.
 * @param taken capture times in seconds since 1970, local to the camera
 */
export function dateSections(taken: readonly number[]): DateSection[] {
  return joinSmall(days(taken)).map((run) => ({
    title: titleOf(run),
    taken: run.taken,
    count: run.count,
  }));
}

function days(taken: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const time of taken) {
    const day = Math.floor(time / daySeconds);
    const run = runs.at(-1);
    if (run?.firstDay === day) run.count++;
    else runs.push({ firstDay: day, lastDay: day, taken: time, count: 1 });
  }
  return runs;
}

function joinSmall(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const previous = joined.at(-1);
    const small = previous !== undefined && previous.count < crowdedDay && run.count < crowdedDay;
    if (small && month(previous.lastDay) === month(run.firstDay)) {
      previous.lastDay = run.lastDay;
      previous.count += run.count;
    } else {
      joined.push({ ...run });
    }
  }
  return joined;
}

function month(day: number): number {
  const date = new Date(day * daySeconds * 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const oneDay = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const severalDays = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

function titleOf({ firstDay, lastDay }: Run): string {
  const at = (day: number) => new Date(day * daySeconds * 1000);
  return firstDay === lastDay
    ? oneDay.format(at(firstDay))
    : severalDays.formatRange(at(lastDay), at(firstDay));
}
