import type { Span } from './span.ts';

const year = String.raw`(?:1[89]|20)\d\d`;
const day = String.raw`\d{1,2}(?:st|nd|rd|th)?`;
/** Months whose names mean nothing else. */
const clearMonth =
  '(?:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
/** All of them: `may` and `march` need a number beside them, or to stand after `in`. */
const month = String.raw`(?:${clearMonth}|mar(?:ch)?|may)\.?`;
const clock = String.raw`\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?)?|\d{1,2} ?[ap]\.?m\b\.?|\d{1,2} o['’]clock`;

/** What says when, longest form first. What a picture shows of time, as `at night`, is not among it. */
const times = [
  String.raw`${year}[-/.:]\d{1,2}[-/.:]\d{1,2}`,
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.](?:\d\d)?\d\d`,
  String.raw`(?:the )?${day}(?: of)? ${month}(?:,? (?:${year}|['’]\d\d))?`,
  String.raw`${month} ${day}(?:,? ${year})?`,
  String.raw`${month},? (?:${year}|['’]\d\d)`,
  String.raw`(?<=\b(?:in|since|until|early|late|last) )(?:${month}(?!\w))`,
  `${clearMonth}`,
  '(?:mon|tues|wednes|thurs|fri|satur|sun)days?',
  String.raw`(?:the )?(?:early |late |mid-?)?(?:(?:1[89]|20|['’])?\d0['’]?s)`,
  `${year}`,
  `(?:${clock})`,
  'yesterday|today|(?:last|this|next) (?:week(?:end)?|month|year|spring|summer|autumn|winter)',
];
const time = new RegExp(String.raw`(?<!\w)(?:${times.join('|')})(?![\w'’])`, 'giu');

/** Dates and times of day that are given in numbers or by the calendar. */
export function timesIn(text: string): Span[] {
  if (/^\s*(?:march|may)\s*$/i.test(text)) return [{ start: 0, end: text.length }];
  return Array.from(text.matchAll(time), ({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
}
