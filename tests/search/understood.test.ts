import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { SeenWords } from '#main/search/seen-words.ts';
import { requireText, understand } from '#main/search/understood.ts';

const vocabulary = await readFile('resources/models/starter/vocab.txt', 'utf8');
const tokenizer = createTokenizer(vocabulary);
const starter = {
  hasWord: (word: string) => {
    const pieces = tokenizer.encode(word, 2);
    return pieces.length === 1 && pieces[0] !== tokenizer.special.unk;
  },
};
const of = (text: string) => understand(starter, text, null);

test('a text of which nothing is left is refused with a reason', () => {
  for (const empty of ['', '   ', '\n\t']) {
    expect(() => requireText(empty)).toThrow('The text is empty. Say in a few words');
  }
  expect(() => requireText(' ... ')).toThrow('There is no word in “...”.');
  expect(() => requireText('!!!')).toThrow(expect.objectContaining({ code: 'bad-request' }));
  requireText('a dog');
  requireText('犬');
});

test('everyday English is understood, in any form', () => {
  for (const text of [
    'a dog on the beach',
    'Two girls in T-shirts playing frisbee',
    "the man's café",
    'skateboarders jumping',
    'a woman with 3 dogs',
    'THE RED CAR.',
  ]) {
    expect(of(text)).toMatchObject({ unknown: [], isUnderstood: true, notice: null });
  }
  expect(of('the dog and its ball').contentWords).toBe(2);
});

test('a word that is unknown is named, once, as it was written', () => {
  expect(of('boats in Nagasaki and nagasaki boats, Nagasaki')).toEqual({
    contentWords: 5,
    unknown: ['Nagasaki', 'nagasaki'],
    unseen: [],
    unseenShare: 0,
    isUnderstood: true,
    notice:
      'The model does not know “Nagasaki” or “nagasaki”, and can only guess at what that looks like.',
  });
});

test('a word of which no photo was seen is named, in any form', () => {
  const seen = new SeenWords(['dogs', 'run', 'beach', 't', 'shirt']);
  const by = (text: string) => understand(starter, text, seen);
  expect(by('a dog running on the beaches in T-shirts')).toMatchObject({
    unseen: [],
    unseenShare: 0,
    notice: null,
  });
  expect(by('a Receipt on the beach')).toMatchObject({
    unknown: [],
    unseen: ['Receipt'],
    unseenShare: 1 / 2,
    isUnderstood: true,
    notice:
      'The model has learned from hardly any photos of “Receipt”, and can only guess at what that looks like.',
  });
  expect(by('receipt from Nagasaki')).toMatchObject({
    unknown: ['Nagasaki'],
    unseen: ['receipt'],
    unseenShare: 1,
    notice:
      'The model does not know “Nagasaki”, has learned from hardly any photos of “receipt”, and can only guess at what that looks like.',
  });
});

test('of words that are all unknown, or of another script, it is said that only English is understood', () => {
  for (const text of [
    'asdfgh qwerty',
    '日本語の写真',
    'собака на пляже',
    'σκύλος',
    'שלום',
    'b',
    'xq',
  ]) {
    const { isUnderstood, notice } = of(text);
    expect(isUnderstood, text).toBe(false);
    expect(notice).toContain('Only English is understood by this model, and it does not know “');
    expect(notice).toContain('Only texts were searched');
  }
  expect(of('one дом').unknown).toEqual(['дом']);
  expect(of('zxc vbn qwe rty uiop').notice).toContain('“zxc”, “vbn”, “qwe” and 2 more.');
});

test('words that show nothing are no question to a picture', () => {
  for (const text of ['the', 'of and with', 'it was', '42', '3.14159', '🐶', '@#$%']) {
    const { isUnderstood, unknown, notice } = of(text);
    expect(isUnderstood, text).toBe(false);
    expect(unknown).toEqual([]);
    expect(notice).toBe('These words do not say what a photo shows. Only texts were searched.');
  }
});
