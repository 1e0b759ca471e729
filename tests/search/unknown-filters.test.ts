import { expect, it } from 'vitest';
import { unknownFilters } from '#main/search/unknown-filters.ts';
import { parseQuery } from '#shared/query/parse.ts';

const all = 'The filters are date, camera, folder, keyword, has and is.';

it.each([
  ['colour:red', ['colour:red'], '“colour:”', all],
  ['a dog -colour:red', ['colour:red'], '“colour:”', all],
  ['a beach without size:big', ['size:big'], '“size:”', all],
  ['colour:"dark red"', ['colour:"dark'], '“colour:”', all],
  ['Farbe:rot Größe:3', ['Farbe:rot', 'Größe:3'], '“Farbe:” or “Größe:”', all],
  ['camra:Canon', ['camra:Canon'], '“camra:”', 'Did you mean “camera:”?'],
  ['Keywords:sea', ['Keywords:sea'], '“Keywords:”', 'Did you mean “keyword:”?'],
  ['tag:sea year:2019', ['tag:sea', 'year:2019'], '“tag:” or “year:”', '“keyword:” or “date:”?'],
  ['constructor:x', ['constructor:x'], '“constructor:”', all],
])('tells of %s', (text, words, no, hint) => {
  const note = unknownFilters(parseQuery(text).parts);
  expect(note).toMatchObject({ kind: 'unknown-filter', words });
  expect(note?.text).toMatch(/, so (it was|they were) read as ordinary words\. /);
  expect(note?.text.startsWith(`There is no filter ${no}, so `)).toBe(true);
  expect(note?.text).toContain(hint);
});

it.each([
  'a dog',
  'time: 5',
  '12:30',
  'https://example.org/a',
  'camera:Canon date:banana',
  'camera:',
  '"colour:red"',
  '-"colour:red"',
  'C:\\photos',
  'colour:',
])('has nothing to say of %s', (text) => {
  expect(unknownFilters(parseQuery(text).parts)).toBeNull();
});

it('names some of many', () => {
  const { words = [] } = unknownFilters(parseQuery('ab:1 cd:2 ef:3 gh:4 ij:5').parts) ?? {};
  expect(words).toHaveLength(3);
});
