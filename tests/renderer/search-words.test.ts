import { describe, expect, it } from 'vitest';
import { parseQuery } from '#shared/query/parse.ts';
import type { SearchResult } from '#shared/schemas/search.ts';
import { asksForNothing, chipWords } from '../../src/renderer/src/format/query-words.ts';
import {
  fieldWords,
  likenessPlaces,
  placeWords,
  resultName,
  stretchesOf,
  wordLines,
  wordlessReason,
} from '../../src/renderer/src/format/result-words.ts';

const result: SearchResult = {
  id: '0'.repeat(32),
  fileName: 'quay.jpg',
  caption: null,
  missing: false,
  file: '/p/quay.jpg',
  ratio: 1.5,
  colour: 0,
  itc: 0.3,
  itm: 0.9,
  score: 1,
  matches: true,
  words: [],
};

describe('chips', () => {
  it.each([
    ['"Aunt Marie"', 'Exact words: “Aunt Marie”'],
    ['not a dog', 'Not: a dog'],
    ['-"a dog"', 'Not the words “a dog”'],
    ['date:2019', 'Taken: 2019'],
    ['-date:2019..2021', 'Taken: not 2019 to 2021'],
    ['date:..2010', 'Taken: until 2010'],
    ['date:2019-07..', 'Taken: from 2019-07'],
    ['camera:"Canon EOS"', 'Camera: Canon EOS'],
    ['-keyword:dog', 'Keyword: not dog'],
    ['has:alt', 'With alt text'],
    ['-has:caption', 'Without a caption'],
    ['is:unsure', 'With an unsure caption'],
    ['date:banana', 'date:banana'],
    ['not', 'Not …'],
    ['""', 'Exact words'],
  ])('%s says %s', (text, words) => {
    const [part] = parseQuery(text).parts;
    if (part.kind === 'text') throw new Error('It is no chip.');
    expect(chipWords(part)).toBe(words);
  });
});

it('keeps chips short, whatever was pasted', () => {
  const [part] = parseQuery(`"${'long '.repeat(100)}"`).parts;
  if (part.kind === 'text') throw new Error('It is no chip.');
  expect(chipWords(part)).toMatch(/^Exact words: “long .{30,46}…$/);
  const { problem } = parseQuery(`date:${'x'.repeat(500)}`).parts[0];
  expect(problem?.length).toBeLessThan(150);
});

it.each([
  ['', true],
  ['?! -', true],
  ['date:banana', true],
  ['""', true],
  ['犬', false],
  ['🐶', false],
  ['5', false],
  ['-dog', false],
  ['has:alt', false],
])('“%s” asks for nothing: %s', (text, nothing) => {
  expect(asksForNothing(parseQuery(text))).toBe(nothing);
});

describe('the reason of a result', () => {
  it('says where words stand, and by whom they are', () => {
    expect(fieldWords({ field: 'caption', byPerson: true })).toBe('Caption');
    expect(fieldWords({ field: 'caption', byPerson: false })).toBe('Model says');
    expect(fieldWords({ field: 'keyword', byPerson: false })).toBe('Keyword');
    expect(fieldWords({ field: 'file', byPerson: true })).toBe('File name');
  });

  it('sets apart what was found, and begins a long text near it', () => {
    expect(
      stretchesOf({
        text: 'a dog and a dog',
        ranges: [
          [2, 5],
          [12, 15],
        ],
      }),
    ).toEqual([
      { text: 'a ', found: false },
      { text: 'dog', found: true },
      { text: ' and a ', found: false },
      { text: 'dog', found: true },
    ]);
    const text = 'On the last day of the holidays we went to Nagasaki by boat';
    const at = text.indexOf('Nagasaki');
    expect(stretchesOf({ text, ranges: [[at, at + 8]] })).toEqual([
      { text: '… ', found: false },
      { text: 'went to ', found: false },
      { text: 'Nagasaki', found: true },
      { text: ' by boat', found: false },
    ]);
    expect(stretchesOf({ text: `${'x'.repeat(40)}dog`, ranges: [[40, 43]] })).toEqual([
      { text: 'x'.repeat(40), found: false },
      { text: 'dog', found: true },
    ]);
  });

  it('gives the place in the order of likeness', () => {
    const places = likenessPlaces([
      { id: 'a', itc: 0.1 },
      { id: 'b', itc: null },
      { id: 'c', itc: 0.4 },
    ]);
    expect([...places]).toEqual([
      ['c', 1],
      ['a', 2],
    ]);
    expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 1003].map(placeWords)).toEqual([
      'nearest',
      ...['2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '1,003rd'].map(
        (place) => `${place} nearest`,
      ),
    ]);
  });

  it('is its picture where no word was found, unless it does not match', () => {
    const said = [true, null, false].map((matches) => wordlessReason({ matches }));
    expect(said).toEqual([
      'Found by its picture alone',
      'Found by its picture alone',
      'None of its words match',
    ]);
  });

  it('is said to a screen reader too', () => {
    const words = [{ field: 'keyword' as const, text: 'dog', ranges: [], byPerson: true }];
    expect(resultName({ ...result, words }, 0.95, false)).toBe('quay.jpg, doubtful, Keyword: dog');
    expect(resultName({ ...result, itm: null, itc: 0.95 }, null, true)).toBe(
      'quay.jpg, nearly the same',
    );
  });

  it('takes as many lines as there are texts, up to two', () => {
    const words = Array.from({ length: 5 }, () => ({
      field: 'file' as const,
      text: 'dog.jpg',
      ranges: [],
      byPerson: true,
    }));
    expect(wordLines([result], false)).toBe(2);
    expect(wordLines([result, { ...result, words }], false)).toBe(3);
    expect(wordLines([result], true)).toBe(1);
    expect(wordLines([{ ...result, itc: null }], false)).toBe(0);
  });
});
