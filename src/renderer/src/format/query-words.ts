import type { RemovablePart } from '#shared/query/format.ts';
import type { Filter, FilterField, QueryMeaning } from '#shared/query/query.ts';

/** What each filter is for, beside its name in the list of completions. */
export const fieldPurposes: Record<FilterField, string> = {
  date: 'when it was taken: 2019, 2019-07, 2019..2021',
  camera: 'what took it',
  folder: 'where its file lies',
  keyword: 'a keyword it has',
  has: 'caption, alt, keyword, date or place',
  is: 'unsure, confirmed or missing',
};

const havings = {
  caption: 'a caption',
  alt: 'alt text',
  keyword: 'keywords',
  date: 'a date',
  place: 'a place',
};
const states = {
  unsure: 'an unsure caption',
  confirmed: 'a confirmed text',
  missing: 'files that are not there',
};

/** Letters of a chip that are shown: what was typed or pasted may fill the page. */
const longest = 60;

/** A part of a query as its chip says it. */
export function chipWords(part: RemovablePart): string {
  const words = partWords(part);
  return words.length <= longest ? words : `${words.slice(0, longest).trimEnd()}…`;
}

function partWords(part: RemovablePart): string {
  switch (part.kind) {
    case 'phrase':
      return part.text === '' ? 'Exact words' : `Exact words: “${part.text}”`;
    case 'excluded':
      if (part.text === '') return 'Not …';
      return part.exact ? `Not the words “${part.text}”` : `Not: ${part.text}`;
    case 'filter':
      if (part.filter !== null) return filterWords(part.filter);
      return `${part.negated ? '-' : ''}${part.field}:${part.written}`;
  }
}

function filterWords(filter: Filter): string {
  const not = filter.negated ? 'not ' : '';
  switch (filter.field) {
    case 'date':
      return `Taken: ${not}${datesWords(filter.from, filter.to)}`;
    case 'camera':
      return `Camera: ${not}${filter.value}`;
    case 'folder':
      return `Folder: ${not}${filter.value}`;
    case 'keyword':
      return `Keyword: ${not}${filter.value}`;
    case 'has':
      return `${filter.negated ? 'Without' : 'With'} ${havings[filter.value]}`;
    case 'is':
      return `${filter.negated ? 'Without' : 'With'} ${states[filter.value]}`;
  }
}

function datesWords(from: string | null, to: string | null): string {
  if (from === to) return from ?? '';
  if (from === null) return `until ${to}`;
  return to === null ? `from ${from}` : `${from} to ${to}`;
}

/** Whether nothing could be looked for: there are no words, or all that is written is unfinished. */
export function asksForNothing({ sentence, phrases, excluded, filters }: QueryMeaning): boolean {
  const words = /[\p{L}\p{N}\p{S}]/u.test(sentence);
  return !words && phrases.length + excluded.length + filters.length === 0;
}
