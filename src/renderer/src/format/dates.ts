import type { Taken, TakenPrecision } from '#shared/schemas/photos.ts';
import { locale } from './locale.ts';

/** What stands where others have a date. */
export const undated = 'No date';

const moment = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const day = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const month = new Intl.DateTimeFormat(locale, {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const year = new Intl.DateTimeFormat(locale, { year: 'numeric', timeZone: 'UTC' });
const here = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const second = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });

const formatOf = { year, month, day, time: moment };

/** A capture time in full, and no more than is known of it: `1978`, `May 1978`, `6 May 1978`. */
export function takenInFull({ text, precision }: Pick<Taken, 'text' | 'precision'>): string {
  // Without a zone JavaScript takes dates as UTC, but times as local to this computer.
  const date = new Date(precision === 'time' ? `${text}Z` : text);
  return Number.isNaN(date.getTime()) ? text : formatOf[precision].format(date);
}

/** The time of day of something that happened here. */
export function timeOf(date: Date): string {
  return time.format(date);
}

/** The same where it may happen again within the minute. */
export function timeToTheSecond(date: Date): string {
  return second.format(date);
}

/** Day and time of something that happened here. */
export function dayAndTime(date: Date): string {
  return here.format(date);
}

/**
 * The day of a capture time, or its month or year where no more is known.
 *
 * @param seconds since 1970, local to the camera
 */
export function dayOf(seconds: number, precision: TakenPrecision | null): string {
  const date = new Date(seconds * 1000);
  switch (precision) {
    case null:
      return undated;
    case 'year':
    case 'month':
      return formatOf[precision].format(date);
    case 'day':
    case 'time':
      return day.format(date);
  }
}

/** Month and year of a capture time in seconds since 1970, local to the camera. */
export function monthOf(seconds: number): string {
  return month.format(new Date(seconds * 1000));
}

/** Year of a capture time in seconds since 1970, local to the camera. */
export function yearOf(seconds: number): string {
  return year.format(new Date(seconds * 1000));
}
