import { locale } from './locale.ts';

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
const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });

/** A capture time (ISO 8601 without zone: local to the camera) in full. */
export function localMoment(iso: string): string {
  const date = new Date(iso.endsWith('Z') ? iso : `${iso}Z`);
  return Number.isNaN(date.getTime()) ? iso : moment.format(date);
}

/** The time of day of something that happened here. */
export function timeOf(date: Date): string {
  return time.format(date);
}

/** The day of a capture time in seconds since 1970, local to the camera. */
export function dayOf(seconds: number): string {
  return day.format(new Date(seconds * 1000));
}

/** Month and year of a capture time in seconds since 1970, local to the camera. */
export function monthOf(seconds: number): string {
  return month.format(new Date(seconds * 1000));
}
