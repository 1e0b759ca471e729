import { basename } from 'node:path';
import { canBeTaken, firstSecond, parseWrittenTime } from './written-time.ts';

/** Earlier numbers without marks are no dates: phones and cameras name files since then. */
const firstYear = 1990;
const year = String.raw`(?<!\d)(?<year>19\d\d|20\d\d)`;
const month = String.raw`(?<month>0[1-9]|1[0-2])`;
const day = String.raw`(?<day>0[1-9]|[12]\d|3[01])`;
const twelveHour = String.raw`(?<hour>\d{1,2})[.:_ -](?<minute>[0-5]\d)[.:_ -](?<second>[0-5]\d)`;
const dates = [`${year}${month}${day}`, `${year}(?<mark>[-_. ])${month}\\k<mark>${day}`];
const times = [
  // 20190102_030405, 20190102030405, 20210102_030405123
  String.raw`[-_. T]?(?<hour>[01]\d|2[0-3])(?<minute>[0-5]\d)(?<second>[0-5]\d)(?:\d{2,3})?(?!\d)`,
  // 2019-01-02 03.04.05, 2019-01-02-03-04-05, 2019-01-02 at 3.04.05 PM, 20190102_03_04_05
  String.raw`(?:[-_., T]+(?:at )?|\s+\S{1,3}\s+)${twelveHour}(?!\d)(?:[\s\u202f]*(?<half>[AaPp][Mm])\b)?`,
  // 20170809-WA0007, 2019-01-02
  String.raw`(?!\d)`,
];
const patterns = dates.flatMap((date) => times.map((time) => new RegExp(date + time, 'u')));

/**
 * The date that a phone, camera or program put into a file's name, as in `IMG_20190102_030405.jpg`
 * and `WhatsApp Image 2019-01-02 at 03.04.05.jpeg`.
 *
 * @param now Milliseconds since 1970.
 * @returns ISO 8601 without zone, as precise as the name says; null where it says none
 */
export function fileNameTime(path: string, now: number): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(basename(path))?.groups;
    if (found === undefined) continue;
    const text = timeOf(found);
    const isOld = found['mark'] === undefined && Number(found['year']) < firstYear;
    if (text !== null && !isOld && canBeTaken(text, now)) return text;
  }
  return null;
}

function timeOf(found: Readonly<Record<string, string | undefined>>): string | null {
  const date = parseWrittenTime([found['year'], found['month'], found['day']].join('-'));
  const hour = found['hour'];
  if (date === null || hour === undefined) return date;
  const half = found['half']?.toLowerCase();
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
  const text = `${date}T${String(hours).padStart(2, '0')}:${found['minute']}:${found['second']}`;
  return Number.isNaN(firstSecond(text)) ? date : text;
}
