const separator = '[-:/. ]';
const blank = '[ ?_-]{2}';
const compact = /^(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?(?!\d)/;
/** As Exif has it: what is not known is blank or zero. */
const fixed = new RegExp(
  `^(\\d{4})${separator}(\\d\\d|${blank})${separator}(\\d\\d|${blank})(?!\\d)(.*)$`,
);
const loose = new RegExp(
  `^(\\d{4})(?:${separator}(\\d{1,2})(?:${separator}(\\d{1,2}))?)?(?:[T\\s]+(\\d.*))?$`,
);
const clock = /^[T\s]*(\d{1,2})[:.h-](\d\d)(?:[:.m-](\d\d))?(?!\d)[^ap]*([ap]m)?/i;

/** The oldest photograph is of 1826. */
const firstYear = 1826;
const dayMillis = 86_400_000;

/**
 * A date as metadata has it (`2020:01:02 03:04:05.6+08:00`, `2011/06/05 12:30`, `1978-05`,
 * `1993:00:00`) as ISO 8601 without fraction and zone, as precise as it is known. The hour 24 is the
 * first of the same day, as phones write it that count hours from 1. A time of exactly midnight is
 * what programs write that know the day alone.
 *
 * @returns null for what is no date
 */
export function parseWrittenTime(value: string): string | null {
  const text = value.replaceAll('\0', '').trimStart();
  const whole = compact.exec(text);
  if (whole !== null) {
    const [, year, month, day, hour, minute, second = '00'] = whole;
    return isoTime(year, month, day, hour === undefined ? '' : `${hour}:${minute}:${second}`);
  }
  const parts = fixed.exec(text) ?? loose.exec(text.trim());
  if (parts === null) return null;
  const [, year, month = '', day = '', time = ''] = parts;
  return isoTime(year, month, day, time);
}

function isoTime(year: string, month: string, day: string, time: string): string | null {
  if (!isKnown(month)) return year === '0000' ? null : year;
  const yearAndMonth = `${year}-${month.padStart(2, '0')}`;
  if (!isKnown(day)) return isRealDate(`${yearAndMonth}-01`) ? yearAndMonth : null;
  const date = `${yearAndMonth}-${day.padStart(2, '0')}`;
  if (!isRealDate(date)) return null;
  const shown = clockTime(time);
  return shown === null ? date : `${date}T${shown}`;
}

function isKnown(part: string): boolean {
  return Number(part) > 0;
}

function isRealDate(date: string): boolean {
  const time = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
}

function clockTime(value: string): string | null {
  const match = clock.exec(value);
  if (match === null) return null;
  const [, hour, minute, second = '00', half = ''] = match;
  const time = [hoursOf(Number(hour), half.toLowerCase()), Number(minute), Number(second)];
  if (time[0] > 24 || time[1] > 59 || time[2] > 60) return null;
  if (time.every((part) => part === 0)) return null;
  // A leap second has no place in ISO time as computers count it.
  return [time[0] % 24, time[1], Math.min(time[2], 59)]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function hoursOf(hour: number, half: string): number {
  if (half === '' || hour > 12) return hour;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

/** The first moment of a date, as precise as it is known, in seconds since 1970 as if it were UTC. */
export function firstSecond(text: string): number {
  return Date.parse(text.includes('T') ? `${text}Z` : text) / 1000;
}

/** Whether a photo can be of a date: not before the first one, nor after tomorrow. */
export function canBeTaken(text: string, now: number): boolean {
  return Number(text.slice(0, 4)) >= firstYear && firstSecond(text) * 1000 <= now + dayMillis;
}
