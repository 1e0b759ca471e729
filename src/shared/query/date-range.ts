/** From and to, both within, as precise as they were written; null for an open end. */
export interface DateRange {
  readonly from: string | null;
  readonly to: string | null;
}

const datePattern = /^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?$/u;
/** Two dots, or the one character that some keyboards make of them; two years also with a dash. */
const rangePattern = /^(.*?)(?:\.{2,3}|…)(.*)$/su;
const yearsPattern = /^(\d{4})[-–](\d{4})$/u;
const howTo = 'Write a year, month or day, as 2019, 2019-07 or 2019-07-04, or 2019..2021.';

/** Reads `2019`, `2019-07`, `2019-07-04`, and two of them as `2019..2021`, `2019..` or `..2021`. */
export function readDateRange(written: string): DateRange | { readonly problem: string } {
  const ends = rangePattern.exec(written) ?? yearsPattern.exec(written);
  const [first, second] = ends === null ? [written, written] : [ends[1].trim(), ends[2].trim()];
  if (first === '' && second === '') return { problem: howTo };
  const from = readDate(first);
  const to = readDate(second);
  if (from !== null && typeof from !== 'string') return from;
  if (to !== null && typeof to !== 'string') return to;
  // A year stands before its months, and its end after them.
  if (from !== null && to !== null && from.slice(0, to.length) > to) {
    return { problem: `${from} comes after ${to}. Write the earlier date first.` };
  }
  return { from, to };
}

/** ISO 8601; null where nothing is written. */
function readDate(written: string): string | { readonly problem: string } | null {
  if (written === '') return null;
  const [, year, month, day] = datePattern.exec(written) ?? [];
  if (year === undefined) return { problem: `“${shortened(written)}” is no date. ${howTo}` };
  if (month === undefined) return year;
  if (Number(month) < 1 || Number(month) > 12) return { problem: `There is no month ${month}.` };
  const iso = `${year}-${month.padStart(2, '0')}`;
  if (day === undefined) return iso;
  const last = daysOf(Number(year), Number(month));
  if (Number(day) < 1 || Number(day) > last) return { problem: `${iso} has no day ${day}.` };
  return `${iso}-${day.padStart(2, '0')}`;
}

/** What was written, as a sentence about it says it. */
export function shortened(written: string): string {
  return written.length <= 30 ? written : `${written.slice(0, 30)}…`;
}

function daysOf(year: number, month: number): number {
  // Years below 100 would be taken for those of the last century.
  const end = new Date(0);
  end.setUTCFullYear(year, month, 0);
  return end.getUTCDate();
}

export function formatDateRange({ from, to }: DateRange): string {
  return from === to && from !== null ? from : `${from ?? ''}..${to ?? ''}`;
}
