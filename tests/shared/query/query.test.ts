import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQuery, removePart } from '#shared/query/format.ts';
import { meaningOf, parseQuery } from '#shared/query/parse.ts';
import type { QueryMeaning } from '#shared/query/query.ts';

function meaning(text: string): QueryMeaning {
  const { sentence, phrases, excluded, filters } = parseQuery(text);
  return { sentence, phrases, excluded, filters };
}

const nothing: QueryMeaning = { sentence: '', phrases: [], excluded: [], filters: [] };

interface Negation {
  readonly text: string;
  readonly sentence: string;
  readonly excluded: readonly string[];
}

function negations(): Negation[] {
  const file = new URL('../../fixtures/query/negations.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('negation', () => {
  test.each(negations())('$text', ({ text, sentence, excluded }) => {
    expect(meaning(text)).toEqual({
      ...nothing,
      sentence,
      excluded: excluded.map((text) => ({ text, exact: false })),
    });
  });

  test.each([
    ['birds (not flying)', 'birds', 'birds flying'],
    ['a beach (no people)', 'a beach', 'people'],
    ['a mountain not covered in snow', 'a mountain', 'a mountain covered in snow'],
    ['dogs excluding puppies', 'dogs', 'puppies'],
    ['a couple who aren’t kissing', 'a couple', 'a couple who are kissing'],
    ['all my photos except selfies', '', 'selfies'],
  ])('%s', (text, sentence, excluded) => {
    expect(meaning(text)).toEqual({
      ...nothing,
      sentence,
      excluded: [{ text: excluded, exact: false }],
    });
  });

  test.each([
    ['a dog, not black', 'a dog', ['a black dog']],
    ['a dog not black', 'a dog', ['a black dog']],
    ['a brown dog, not black', 'a brown dog', ['a black dog']],
    ['a dog, not black or brown', 'a dog', ['a black dog', 'a brown dog']],
    ['dogs, not black and white', 'dogs', ['black and white dogs']],
    ['a man, not very old', 'a man', ['an old man']],
    ['an old man, not bald', 'an old man', ['a bald man']],
    ['a red car, not a blue one', 'a red car', ['a blue car']],
    ['dogs, no black ones', 'dogs', ['black dogs']],
    ['a cup of tea, not black', 'a cup of tea', ['a cup of black tea']],
    ['a beach not crowded', 'a beach', ['a crowded beach']],
    ['a building, not modern', 'a building', ['a modern building']],
    ['flowers -red -small', 'flowers', ['red flowers', 'small flowers']],
    ['a dog, not too big, in the snow', 'a dog in the snow', ['a big dog']],
  ])('of how a thing is, is of that thing: %s', (text, sentence, excluded) => {
    expect(meaning(text)).toEqual({
      ...nothing,
      sentence,
      excluded: excluded.map((text) => ({ text, exact: false })),
    });
  });

  test.each([
    ['two dogs running on grass, not brown', 'two brown dogs'],
    ['a dog on the beach, not black', 'a black dog'],
    ['a man in a hat, not black', 'a black hat'],
    ['a girl with a balloon, not red', 'a red balloon'],
    ['a girl not in pink', 'a girl in pink'],
    ['sport, not football', 'football'],
    ['water, not a pool', 'a pool'],
    ['a dog, not black cats', 'black cats'],
    ['not black', 'black'],
    ['photos, not blurry', 'blurry'],
    ['a dog -(black)', 'black'],
    ['-black dog', 'black'],
  ])('of how a thing is finds which one: %s', (text, excluded) => {
    expect(meaning(text).excluded).toEqual([{ text: excluded, exact: false }]);
  });

  test('of how a thing is never excludes more than that thing', () => {
    const article = fc.constantFrom('a', 'the', 'my', 'two', 'some');
    const thing = fc.constantFrom('dog', 'boats', 'house', 'flower', 'building', 'man');
    const how = fc.constantFrom('black', 'red', 'old', 'very small', 'crowded', 'black and white');
    const joins = fc.constantFrom(', not ', ' not ', ' but not ', ', and not ');
    fc.assert(
      fc.property(article, thing, how, joins, (the, noun, said, join) => {
        const { sentence, excluded } = parseQuery(`${the} ${noun}${join}${said}`);
        expect(sentence.startsWith(`${the} ${noun}`)).toBe(true);
        expect(excluded).toHaveLength(1);
        expect(excluded[0].text).toContain(said.replace('very ', ''));
        expect(excluded[0].text.endsWith(noun)).toBe(true);
      }),
    );
  });

  test('of exact words and of filters', () => {
    expect(meaning('beach -"Aunt Marie" not "do not enter"').excluded).toEqual([
      { text: 'Aunt Marie', exact: true },
      { text: 'do not enter', exact: true },
    ]);
    expect(meaning('a dog without keyword:holiday -has:alt')).toEqual({
      ...nothing,
      sentence: 'a dog',
      filters: [
        { field: 'keyword', value: 'holiday', negated: true },
        { field: 'has', value: 'alt', negated: true },
      ],
    });
  });

  test.each(['do not enter', 'a do not disturb sign', "a don't walk sign", 'bus no. 5', 'nothing'])(
    'is none in “%s”',
    (text) => {
      expect(meaning(text)).toEqual({ ...nothing, sentence: text });
    },
  );

  test.each(['dog not', 'dog without', 'dog -()', 'dog not -cat'])(
    'is unfinished in “%s”',
    (text) => {
      const { sentence, parts } = parseQuery(text);
      expect(sentence).toBe('dog');
      expect(parts[1].problem).toMatch(/not a dog/);
    },
  );
});

describe('ordinary text', () => {
  test.each([
    'a dog on the beach',
    'time: 5',
    'https://example.org/a?b=c',
    'a t-shirt at 10:30',
    'beach - sunset',
    '12" record',
    "the dog's ball",
    'rock ’n’ roll',
    '犬が走る',
    'Straße: eine',
    ':-(',
    'camera',
    'c++ and -',
    'The Who',
    'foo:bar',
    'photos',
  ])('is left as it is: %s', (text) => {
    expect(meaning(text)).toEqual({ ...nothing, sentence: text });
  });

  test.each(['', ' ', '\n\t　', ',', '?!', '""', '“'])('is nothing in “%s”', (text) => {
    expect(meaning(text)).toEqual(nothing);
  });

  test('loses spaces, and what joins it to other parts', () => {
    expect(meaning('  a   dog,  ').sentence).toBe('a dog');
    expect(meaning('a dog with "Marie" and').sentence).toBe('a dog');
    expect(meaning('photos date:2019').sentence).toBe('');
  });
});

describe('quotation marks', () => {
  test.each([
    ['"golden gate" bridge', ['golden gate'], 'bridge'],
    ['“golden gate” bridge', ['golden gate'], 'bridge'],
    ['„Goldenes Tor“ «Porte»', ['Goldenes Tor', 'Porte'], ''],
    ['bridge "golden gate', ['golden gate'], 'bridge'],
    ['"say ""hi"" now"', ['say "hi" now'], ''],
    ['"a"b"', ['a'], 'b"'],
    ['"date:2019 -x not"', ['date:2019 -x not'], ''],
  ])('%s', (text, phrases, sentence) => {
    expect(meaning(text)).toEqual({ ...nothing, phrases, sentence });
  });
});

describe('filters', () => {
  test.each([
    ['2019', '2019', '2019'],
    ['2019-07', '2019-07', '2019-07'],
    ['2019/7/4', '2019-07-04', '2019-07-04'],
    ['2019..2021', '2019', '2021'],
    ['2019-2021', '2019', '2021'],
    ['..2010', null, '2010'],
    ['2019-06..', '2019-06', null],
    ['2019…2019-06', '2019', '2019-06'],
    ['2019-06..2019', '2019-06', '2019'],
    ['2020-02-29', '2020-02-29', '2020-02-29'],
  ])('date:%s', (written, from, to) => {
    expect(meaning(`date:${written}`).filters).toEqual([
      { field: 'date', negated: false, from, to },
    ]);
  });

  test.each([
    ['banana', /“banana” is no date/],
    ['', /right after the colon/],
    ['..', /Write a year/],
    ['20', /no date/],
    ['2019-13', /no month 13/],
    ['2019-00', /no month 00/],
    ['2019-02-29', /2019-02 has no day 29/],
    ['1900-02-29', /1900-02 has no day 29/],
    ['2021..2019', /2021 comes after 2019/],
    ['2019-07..2019-06', /comes after/],
    ['2019..banana', /“banana” is no date/],
  ])('date:%s is explained', (written, problem) => {
    const { filters, parts, sentence } = parseQuery(`a dog date:${written}`);
    expect(filters).toEqual([]);
    expect(sentence).toBe('a dog');
    expect(parts[1]).toMatchObject({ kind: 'filter', field: 'date', filter: null, written });
    expect(parts[1].problem).toMatch(problem);
  });

  test.each([
    ['camera:"Canon EOS"', 'camera', 'Canon EOS'],
    ['CAMERA:canon,', 'camera', 'canon'],
    ['folder:/home/me/Pictures', 'folder', '/home/me/Pictures'],
    ['folder:"C:\\My Photos\\"', 'folder', 'C:\\My Photos\\'],
    ['keyword:a:b', 'keyword', 'a:b'],
    ['has:Alt', 'has', 'alt'],
    ['is:"unsure"', 'is', 'unsure'],
  ])('%s', (text, field, value) => {
    expect(meaning(text)).toEqual({ ...nothing, filters: [{ field, value, negated: false }] });
  });

  test('with unknown values say what is known', () => {
    const [has, is] = parseQuery('has:fur is:').parts;
    expect(has.problem).toBe(
      '“fur” is unknown here. Write caption, alt, keyword, date or place after “has:”.',
    );
    expect(is.problem).toBe('Write unsure, confirmed or missing after “is:”.');
  });
});

/** Texts made of what means something in a query, in any order, beside any others. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'not',
      'no',
      'without',
      'but',
      'and',
      'or',
      'nor',
      'neither',
      'except',
      'for',
      'any',
      'isn’t',
    ],
    ...[
      'is',
      'are',
      'do',
      'has',
      'that',
      'who',
      'with',
      'in',
      'a',
      'the',
      'dog',
      'cats',
      'barking',
    ],
    ...[
      'there',
      'it',
      'one',
      'nobody',
      'everything',
      'photos',
      'smoking',
      'sign',
      'black',
      'white',
      'very',
      'ones',
    ],
    ...[
      '-',
      '--',
      '-dog',
      '-black',
      '-(',
      '(a',
      ')',
      '-)',
      '"',
      '“',
      '”',
      '""',
      '-"',
      ',',
      'dog,',
      '.',
      'no.',
      '5',
    ],
    ...[
      'date:',
      'date:2019',
      'date:..2019',
      '-date:2019-07..',
      'date:banana',
      'camera:"',
      'keyword:a,',
    ],
    ...[
      'folder:"C:\\ "',
      'has:alt',
      'is:x',
      'http://x',
      ':',
      ' ',
      '　',
      '\n',
      '(',
      'only',
      'all',
      'around',
    ],
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const anyText = fc
  .array(fc.tuple(piece, fc.constantFrom(' ', ' ', ' ', '')), { maxLength: 14 })
  .map((pieces) => pieces.flat().join(''));

describe('any text', () => {
  const runs = { numRuns: 2000 };

  test('has parts in order, apart, and within it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let end = 0;
        for (const { from, to } of parseQuery(text).parts) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      runs,
    );
  });

  test('means the same once it is read and written', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(meaning(formatQuery(meaning(text)))).toEqual(meaning(text));
      }),
      runs,
    );
  });

  test('asks for the rest when a part is taken out', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, at) => {
        const { parts } = parseQuery(text);
        const removable = parts.filter((part) => part.kind !== 'text');
        fc.pre(removable.length > 0);
        const part = removable[at % removable.length];
        const left = meaning(removePart(text, part));
        expect(left).toEqual(meaningOf(parts.filter((each) => each !== part)));
      }),
      runs,
    );
  });

  test('is read quickly, however long', () => {
    for (const odd of ['-(', 'not ', '"', 'a no ', 'that is not ', '(((', 'no dogs or ']) {
      expect(parseQuery(odd.repeat(1000)).parts.length).toBeLessThan(10_000);
    }
  });
});
