import { expect, test } from 'vitest';
import type { PhotoText } from '#main/store/tables/words.ts';
import { askedWords, wordEvidence } from '#main/search/word-evidence.ts';

const marie: PhotoText[] = [
  { field: 'caption', text: 'Aunt Marie, Nagasaki (長崎の海)', byPerson: true },
  { field: 'caption', text: 'a woman on a beach', byPerson: false },
  { field: 'folder', text: 'Photos/Japan 2019', byPerson: true },
];
const of = (sentence: string, phrases: string[] = [], texts = marie) =>
  wordEvidence(askedWords(sentence, phrases), texts);

test('says which words stand where, and whether a person says all of them', () => {
  const found = of('a photo of Marie in Nagasaki');
  expect(found).toMatchObject({ isSaid: true, isNamed: true });
  const [{ text, ranges }] = found.words;
  expect(ranges.map(([start, end]) => text.slice(start, end))).toEqual(['Marie', 'Nagasaki']);
  expect(of('Marie in Tokyo')).toMatchObject({ isSaid: false, isNamed: false });
  // The name of a folder counts, but not as what is said of this one photo.
  expect(of('Marie, Japan')).toMatchObject({ isSaid: false, isNamed: true });
  // What a model says is shown, and is no evidence of a person's.
  expect(of('beaches')).toMatchObject({ isSaid: false, isNamed: false });
  expect(of('beaches').words).toEqual([{ ...marie[1], ranges: [[13, 18]] }]);
  expect(of('長崎')).toMatchObject({ isSaid: true, words: [{ ranges: [[22, 24]] }] });
  expect(of('海岸')).toMatchObject({ isSaid: false, words: [] });
  expect(of('the')).toMatchObject({ isSaid: false, words: [] });
});

test('exact words stand side by side as they are written', () => {
  expect(of('', ['aunt marie'])).toMatchObject({ isSaid: true, words: [{ ranges: [[0, 10]] }] });
  expect(of('', ['marie aunt'])).toMatchObject({ isSaid: false, words: [] });
  expect(of('', ['aunts marie'])).toMatchObject({ isSaid: false, words: [] });
  expect(of('nagasaki', ['aunt'])).toMatchObject({
    words: [
      {
        ranges: [
          [0, 4],
          [12, 20],
        ],
      },
    ],
  });
  expect(of('marie', ['aunt marie'])).toMatchObject({ words: [{ ranges: [[0, 10]] }] });
});
