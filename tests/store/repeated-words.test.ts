import { expect, test } from 'vitest';
import { repeatedWords, type SaidWords } from '#main/store/repeated-words.ts';

/** So many photos of a camera that say a text, over so many days. */
function photos(camera: string | null, text: string, count: number, days: number): SaidWords[] {
  return Array.from({ length: count }, (_, n) => ({
    camera,
    text,
    day: new Date(Date.UTC(2020, 0, 1 + (n % days))).toISOString().slice(0, 19),
  }));
}

test('what hundreds of photos of a camera say over weeks is the camera’s', () => {
  const said = [...photos('Acme A1', 'ACME PICTURE', 300, 60), ...photos('Acme A1', 'Rex', 20, 5)];
  expect(repeatedWords(said)).toEqual(new Map([['Acme A1', new Set(['ACME PICTURE'])]]));
});

test.each([
  ['a wedding that a person captioned at once', photos('Acme A1', 'Wedding', 500, 2)],
  ['a text of few photos', photos('Acme A1', 'Rex', 199, 60)],
  ['a text of no camera', photos(null, 'ACME PICTURE', 500, 60)],
  [
    'a text beside more others',
    [
      ...photos('Acme A1', 'Garden', 300, 60),
      ...Array.from({ length: 400 }, (_, n) => photos('Acme A1', `Walk ${n}`, 1, 1)).flat(),
    ],
  ],
  [
    'a text that two cameras share, few of each',
    ['A', 'B'].flatMap((each) => photos(each, 'Dog', 150, 60)),
  ],
])('%s is a person’s', (_, said) => {
  expect(repeatedWords(said)).toEqual(new Map());
});
