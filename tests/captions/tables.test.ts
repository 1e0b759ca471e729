import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCaptions } from '#main/captions/read-captions.ts';
import { read, written } from './read.ts';

function parsed(text: string): [string | null, ...string[]][] {
  return parseCaptions(text, 'x.csv').map(({ photo, captions }) => [photo, ...captions]);
}

test('quotes that are not those of a table stay', async () => {
  const file = written('p01.jpg\t" Stop " sign\np02.jpg\tA cat, "asleep"\np03.jpg\t \n');
  expect(await read(file)).toEqual({
    photos: [
      ['p01.jpg', '" Stop " sign'],
      ['p02.jpg', 'A cat, "asleep"'],
    ],
    skipped: [['empty-caption', 1, 'line 3']],
  });
});

test('a line of Flickr30k without its second bar has its caption', () => {
  const text = 'image_name| comment_number| comment\n1.jpg| 0| A boy .\n1.jpg| 4   A dog runs .\n';
  expect(parsed(text)).toEqual([
    ['1.jpg', 'A boy .'],
    ['1.jpg', 'A dog runs .'],
  ]);
});

test('cells of several lines keep them, and lines are counted as a person sees them', async () => {
  const file = written('image,caption\np01.jpg,"one\ntwo"\n\n"gone.jpg","x\ny"\np02.jpg,""\n');
  expect(await read(file)).toEqual({
    photos: [['p01.jpg', 'one\ntwo']],
    skipped: [
      ['empty-caption', 1, 'line 7'],
      ['absent-photo', 1, 'line 5'],
    ],
  });
});

test('a stray quote does not swallow the lines up to the next', () => {
  expect(parsed('1.jpg\t"one\n2.jpg\ttwo"\n3.jpg\tthree\n')).toEqual([
    ['1.jpg', '"one'],
    ['2.jpg', 'two"'],
    ['3.jpg', 'three'],
  ]);
});

test.each([
  [
    'numbered columns',
    'image,caption_1,caption_2\n1.jpg,a dog,it runs',
    ['1.jpg', 'a dog', 'it runs'],
  ],
  [
    'a list in a cell',
    'raw,split,filename\n"[""a dog"", ""it runs""]",test,1.jpg',
    ['1.jpg', 'a dog', 'it runs'],
  ],
  [
    'a list that is none',
    'image,caption\n1.jpg,"[""a dog"" it says"',
    ['1.jpg', '["a dog" it says'],
  ],
  ['a number before the caption', '1.jpg\t0\ta dog', ['1.jpg', 'a dog']],
  ['a number between commas', '1.jpg,0,"a dog, running"', ['1.jpg', 'a dog, running']],
  ['commas in a caption without quotes', '1.jpg,a dog, running', ['1.jpg', 'a dog, running']],
  ['names that are not known', 'foto;Beschreibung\n1.jpg;ein Hund', ['1.jpg', 'ein Hund']],
  ['a caption that is a number', '1.jpg\t42', ['1.jpg', '42']],
])('reads a table with %s', (_what, text, row) => {
  expect(parsed(text)).toEqual([row]);
});

test('a split before the photo is one', async () => {
  const file = written('train\tp01.jpg\ta dog\ntest\tp02.jpg\ta cat\n');
  expect(await read(file)).toEqual({
    photos: [['p02.jpg', 'a cat']],
    skipped: [['other-split', 1, 'line 1']],
  });
});

test.each([
  ['foto,Beschreibung,Notiz\n1.jpg,a dog,', 'line 1 names no columns "image" and "caption"'],
  ['\n\njust words\n', 'line 3 is not "file<TAB>caption"'],
  ['1.jpg\ta dog\nand no more\n', 'line 2 is not "file<TAB>caption"'],
  ['image\tcaption\n\ta dog\n', 'line 2 names no photo'],
  ['caption,image\na dog,1.jpg\na dog, running,2.jpg', 'line 3 has 3 columns instead of 2'],
  ['\n', 'it holds no captions'],
])('refuses %j', (text, reason) => {
  expect(() => parsed(text)).toThrow(reason);
});

test('a table with any captions in quotes is read back', () => {
  const caption = fc.string({ unit: 'grapheme', minLength: 1 }).filter((c) => !/[\r\0]/.test(c));
  const delimiter = fc.constantFrom(',', ';', '|');
  fc.assert(
    fc.property(fc.array(caption, { minLength: 1 }), delimiter, (captions, d) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const lines = captions.map((each, i) => `${i}.jpg${d}${quote(each)}`);
      const text = [`image${d}caption`, ...lines].join('\n');
      const expected = captions.map((each, i) => ({ photo: `${i}.jpg`, captions: [each] }));
      const read = parseCaptions(text, 'x.csv');
      expect(read.map((entry) => ({ photo: entry.photo, captions: entry.captions }))).toEqual(
        expected,
      );
    }),
  );
});

test('lines with any captions but those in quotes are read back', () => {
  // Quotes at its start, a list and a tab may be meant otherwise.
  const caption = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((c) => c === c.trim() && c !== '' && !/^["[]|[\t\r\n\0]/.test(c));
  fc.assert(
    fc.property(fc.array(caption, { minLength: 1 }), (captions) => {
      const lines = captions.map((each, i) => `${i}.jpg\t${each}\n`);
      expect(parsed(lines.join(''))).toEqual(captions.map((each, i) => [`${i}.jpg`, each]));
    }),
  );
});
