import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { photosWithout, textsToAsk, wordsSaid } from '#main/evaluation/presence/asked-texts.ts';
import { librariesOf } from '#main/evaluation/presence/libraries.ts';
import { absentQueries } from '#main/evaluation/presence/queries/absent.ts';
import { everydayWords } from '#main/evaluation/presence/queries/everyday.ts';
import { nearMisses } from '#main/evaluation/presence/queries/near-misses.ts';
import { nonsenseQueries } from '#main/evaluation/presence/queries/nonsense.ts';
import { ownWords } from '#main/evaluation/presence/queries/own-words.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { understand } from '#main/search/understood.ts';

const vocabulary = await readFile('resources/models/starter/vocab.txt', 'utf8');
const tokenizer = createTokenizer(vocabulary);
const hasWord = (word: string) => tokenizer.encode(word, 2).length === 1;

test('there are 287 things that are absent, 71 near misses, 50 pieces of nonsense and words for 200 photos, each once', () => {
  expect(absentQueries).toHaveLength(287);
  expect(nearMisses).toHaveLength(71);
  expect(new Set([...absentQueries, ...nearMisses]).size).toBe(358);
  expect(new Set(nonsenseQueries).size).toBe(50);
  expect(new Set(ownWords.map(({ file }) => file)).size).toBe(200);
  expect(new Set(ownWords.map(({ text }) => text)).size).toBe(200);
  for (const { file, text } of ownWords) {
    expect(file).toMatch(/^\d+_[0-9a-f]{10}\.jpg$/);
    expect(text.trim()).not.toBe('');
  }
  for (const text of [...absentQueries, ...nearMisses]) {
    const words = text.split(' ').length;
    expect(words).toBeGreaterThanOrEqual(1);
    expect(words).toBeLessThanOrEqual(11);
  }
});

test('nonsense is not understood, but for letters that are a word', () => {
  const understood = nonsenseQueries.filter(
    (text) => understand({ hasWord }, text, null).isUnderstood,
  );
  expect(understood).toEqual(['abc']);
});

test('a photo is asked for by a caption of it and by a word that most of its captions have in common', () => {
  const photos = [
    { file: '/a.jpg', captions: ['A dog runs on sand .', 'The dogs jump', 'an animal'] },
    { file: '/b.jpg', captions: ['a dog with a stick', 'a dog and his stick', 'dog'] },
    { file: `/${ownWords[0].file}`, captions: ['two things'] },
  ];
  const asked = textsToAsk(photos);
  const of = (kind: string) => asked.filter((each) => each.kind === kind);
  expect(of('caption')).toEqual([
    { kind: 'caption', text: 'A dog runs on sand .', photo: 0 },
    { kind: 'caption', text: 'a dog and his stick', photo: 1 },
    { kind: 'caption', text: 'two things', photo: 2 },
  ]);
  // “dog” is taken, and “two” counts as said by all of one.
  expect(of('one-word').map(({ text, photo }) => [text, photo])).toEqual([
    ['dog', 0],
    ['stick', 1],
    ['two', 2],
  ]);
  // “two things” is said by all of one as well.
  expect(of('two-words').map(({ text, photo }) => [text, photo])).toEqual([['two things', 2]]);
  expect(of('everyday').map(({ text, photo }) => [text, photo])).toEqual([['dog', 0]]);
  expect(of('own-words')).toEqual([{ kind: 'own-words', text: ownWords[0].text, photo: 2 }]);
  expect(of('absent')).toHaveLength(287);
  expect(of('near-miss')).toHaveLength(71);
  expect(wordsSaid(["The man's dogs"])).toEqual(new Set(['the', 'man', 'dog']));
});

test('a photo is without an everyday word where no caption has a sign of it', () => {
  const said = [['A dog .'], ['two people', 'Puppies at play'], ['a red boat'], []].map(wordsSaid);
  expect(photosWithout('dog', said)).toEqual(new Set([2, 3]));
  expect(photosWithout('boat', said)).toEqual(new Set([0, 1, 3]));
  for (const { text, signs } of everydayWords) {
    expect(text, text).toMatch(/^[a-z]+$/);
    expect(new Set(signs).size, text).toBe(signs.length);
  }
});

test('every photo is in a library of every size, and libraries are full', () => {
  const sizes = librariesOf(123);
  expect(sizes.map(({ size }) => size)).toEqual([10, 50, 123]);
  for (const { size, each, of } of sizes) {
    for (const library of each) expect(new Set(library).size).toBe(size);
    for (let photo = 0; photo < 123; photo++) expect(of.get(photo)).toContain(photo);
  }
  expect(librariesOf(10).map(({ size }) => size)).toEqual([10]);
});
