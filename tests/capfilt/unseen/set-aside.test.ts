import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setAside } from '#main/capfilt/unseen/set-aside.ts';

test.each([
  ['Anna and Ben at Lake Como, 2019', '', ['Anna', 'Ben', 'Lake Como', '2019']],
  [
    'Ben playing with a ball in Paris, July 2018',
    'playing with a ball',
    ['Ben', 'Paris', 'July 2018'],
  ],
  ["Anna's dog on the beach", 'dog on the beach', ["Anna's"]],
  ['Two dogs run in the snow near Zermatt', 'Two dogs run in the snow', ['Zermatt']],
  ['The dog in Paris near the tower', 'The dog near the tower', ['Paris']],
  ['our trip to Lago di Como', '', ['Lago di Como']],
  ['Anna is sitting on a bench', 'sitting on a bench', ['Anna']],
  ['a girl with Rose', 'a girl', ['Rose']],
  [
    "Nell Carter-Jones holding a baby at St. Mary's Hospital, 3 June 1987",
    'holding a baby',
    ['Nell Carter-Jones', "St. Mary's Hospital", '3 June 1987'],
  ],
  ['Charlie the dog', 'the dog', ['Charlie']],
])('sets names, places and dates of "%s" aside', (text, judged, aside) => {
  expect(setAside(text)).toEqual({ judged, aside });
});

test.each([
  'Brown dog',
  'White Horse',
  'Rose with roses in the garden',
  'May and a white horse',
  'A Dog Runs On The Beach',
  'A BLACK DOG RUNS',
  'Turkey on the table',
  'a man catches a Frisbee at night',
  'three dogs march through winter snow',
])('leaves "%s" as it is', (text) => {
  expect(setAside(text)).toEqual({ judged: text, aside: [] });
});

test.each([
  'May',
  'Yosemite',
  'Trip 2004',
  'DSC_0012',
  'Ein Hund läuft am Strand',
  'Un chien court dans la neige',
  '犬が走る',
  'Собака бежит по снегу',
  '2019-05-03 10:30 pm',
  '',
])('leaves nothing of "%s" to be judged', (text) => {
  expect(setAside(text).judged).toBe('');
});

test.each([
  '2019-05-03',
  '03.05.2019',
  'May 2019',
  '3 May 2019',
  '3rd of May',
  "June '98",
  'August 12, 2005',
  '10:30 pm',
  'the 1980s',
  'Saturday',
  'last summer',
  '1987',
])('knows that %s says when', (time) => {
  expect(setAside(`a dog runs, ${time}`)).toEqual({ judged: 'a dog runs', aside: [time] });
});

test('what is set aside stands in the text, and what is left has no word of its own', () => {
  const piece = fc.constantFrom(
    ...[
      'Anna',
      'a',
      'dog',
      'in',
      'Paris',
      ',',
      '2019',
      "Ben's",
      'and',
      'RUNS',
      '犬',
      '.',
      'May',
      '&',
      'Lake',
    ],
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ unit: 'binary' })), { maxLength: 12 }),
      (parts) => {
        const text = parts.join(' ');
        const { judged, aside } = setAside(text);
        for (const part of aside) expect(text).toContain(part);
        for (const word of judged.split(/\s+/)) expect(text).toContain(word);
      },
    ),
  );
});
