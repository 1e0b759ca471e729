import type { TakenPrecision } from '#shared/schemas/photos.ts';
import { monthOf, undated, yearOf } from '../format/dates.ts';
import { locale } from '../format/locale.ts';
import type { Section } from './justified-layout.ts';

/** What a header names: a day or several, a month, a year, or nothing for undated photos. */
type Span = 'days' | 'month' | 'year' | 'undated';

/** A run of photos taken on one day, or on neighbouring days of one month. */
export interface DateSection extends Section {
  readonly span: Span;
  /** Seconds since 1970, local to the camera, of the first (newest) photo. */
  readonly taken: number;
}

/** A day with this many photos has a header of its own; smaller neighbours share one. */
const crowdedDay = 8;
const daySeconds = 86_400;

interface Run {
  span: Span;
  firstDay: number;
  lastDay: number;
  taken: number;
  count: number;
}

/**
 * Groups photos (newest first, undated ones last) under date headers. Days with few photos are
 * joined with their neighbours inside one month, so that single photos do not each take a row.
 * Photos of which no day is known stand under their month or year.
 *
 * @param taken capture times in seconds since 1970, local to the camera
 * @param precisions how much of each is known; null for an undated photo
 */
export function dateSections(
  taken: readonly number[],
  precisions: readonly (TakenPrecision | null)[],
): DateSection[] {
  return joinSmall(runsOf(taken, precisions)).map((run) => ({
    title: titleOf(run),
    span: run.span,
    taken: run.taken,
    count: run.count,
  }));
}

/** Where a date section lies, as coarse as the scrubber tells it: `May 1978`, `1978`. */
export function placeInTime({ span, taken }: Pick<DateSection, 'span' | 'taken'>): string {
  if (span === 'undated') return undated;
  return span === 'year' ? yearOf(taken) : monthOf(taken);
}

function runsOf(taken: readonly number[], precisions: readonly (TakenPrecision | null)[]): Run[] {
  const runs: Run[] = [];
  taken.forEach((time, at) => {
    const span = spanOf(precisions[at]);
    const day = Math.floor(time / daySeconds);
    const run = runs.at(-1);
    // The file times of undated photos do not part them.
    const same = run?.span === span && (span === 'undated' || run.firstDay === day);
    if (run !== undefined && same) run.count++;
    else runs.push({ span, firstDay: day, lastDay: day, taken: time, count: 1 });
  });
  return runs;
}

function spanOf(precision: TakenPrecision | null): Span {
  switch (precision) {
    case null:
      return 'undated';
    case 'year':
    case 'month':
      return precision;
    case 'day':
    case 'time':
      return 'days';
  }
}

function joinSmall(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const previous = joined.at(-1);
    if (previous !== undefined && areOne(previous, run)) {
      if (run.span === 'month') previous.span = 'month';
      previous.lastDay = run.lastDay;
      previous.count += run.count;
    } else {
      joined.push({ ...run });
    }
  }
  return joined;
}

/** Whether two neighbouring runs are both small, and the name of a month fits both. */
function areOne(previous: Run, run: Run): boolean {
  const ofMonth = [previous, run].every(({ span }) => span === 'days' || span === 'month');
  const small = previous.count < crowdedDay && run.count < crowdedDay;
  return ofMonth && small && month(previous.lastDay) === month(run.firstDay);
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

function titleOf(run: Run): string {
  if (run.span !== 'days') return placeInTime(run);
  const at = (day: number) => new Date(day * daySeconds * 1000);
  return run.firstDay === run.lastDay
    ? oneDay.format(at(run.firstDay))
    : severalDays.formatRange(at(run.lastDay), at(run.firstDay));
}
