import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completableAt } from '#shared/query/complete.ts';
import { quoteIfNeeded } from '#shared/query/filters.ts';
import { parseQuery } from '#shared/query/parse.ts';

/** Where the caret stands is marked by `|`. */
function at(marked: string) {
  return completableAt(marked.replace('|', ''), marked.indexOf('|'));
}

test.each([
  ['a dog cam|', { field: null, typed: 'cam', from: 6, to: 9 }],
  ['ca|m dog', { field: null, typed: 'ca', from: 0, to: 3 }],
  ['-da|', { field: null, typed: 'da', from: 1, to: 3 }],
  ['dat|e:2019', { field: null, typed: 'dat', from: 0, to: 5 }],
  ['camera:|', { field: 'camera', typed: '', from: 7, to: 7 }],
  ['dog camera:Can| cat', { field: 'camera', typed: 'Can', from: 11, to: 14 }],
  ['-camera:"Canon E|OS" cat', { field: 'camera', typed: 'Canon E', from: 8, to: 19 }],
  ['keyword:"New Y|', { field: 'keyword', typed: 'New Y', from: 8, to: 14 }],
  ['a dog |', { field: null, typed: '', from: 6, to: 6 }],
  ['|', { field: null, typed: '', from: 0, to: 0 }],
])('%s', (marked, expected) => {
  expect(at(marked)).toEqual(expected);
});

test.each(['"cam|', 'http://ca|', 't-shi|', '-"a|', '|-date:2019 x'.replace('|-', '-|-')])(
  'nothing at %s',
  (marked) => {
    expect(at(marked)).toBeNull();
  },
);

test('a value that is put in reads as that value', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((value) => value.trim() === value);
  fc.assert(
    fc.property(word, word, (typed, value) => {
      const text = `a dog keyword:${quoteIfNeeded(typed)} on grass`;
      const place = completableAt(text, text.indexOf(':') + 1);
      if (place === null) throw new Error('There is a value to complete.');
      const completed = text.slice(0, place.from) + quoteIfNeeded(value) + text.slice(place.to);
      const { sentence, filters } = parseQuery(completed);
      expect(filters).toEqual([{ field: 'keyword', negated: false, value }]);
      expect(sentence).toBe('a dog on grass');
    }),
    { numRuns: 2000 },
  );
});
