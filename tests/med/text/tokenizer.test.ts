import fs from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createTokenizer, normaliseCaption } from '#main/med/text/tokenizer.ts';
import { MedleyError } from '#shared/errors.ts';

/** Made with Hugging Face's BertTokenizer by tools/fixtures/tokenizer.py. */
const Fixture = z.object({
  vocabulary: z.array(z.string()),
  cases: z.array(z.object({ text: z.string(), ids: z.array(z.int()), decoded: z.string() })),
});
const fixture = Fixture.parse(
  JSON.parse(fs.readFileSync(new URL('../../fixtures/tokenizer.json', import.meta.url), 'utf8')),
);
const vocabulary = fixture.vocabulary.join('\n') + '\n';
const tokenizer = createTokenizer(vocabulary);

test('encodes every fixture string as BertTokenizer does', () => {
  const encoded = fixture.cases.map(({ text }) => tokenizer.encode(text, 1000));
  expect(encoded).toEqual(fixture.cases.map(({ ids }) => ids));
});

test('decodes every fixture row as BertTokenizer does', () => {
  const { cls, sep } = tokenizer.special;
  const decoded = fixture.cases.map(({ ids }) => tokenizer.decode([cls, ...ids, sep]));
  expect(decoded).toEqual(fixture.cases.map((row) => row.decoded));
});

test('a limit keeps the first pieces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(12), (text, limit) => {
      expect(tokenizer.encode(text, limit)).toEqual(tokenizer.encode(text, 1000).slice(0, limit));
    }),
  );
});

test('words of known letters survive the round trip', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join(' ');
      expect(tokenizer.decode(tokenizer.encode(text, 1000))).toBe(text);
    }),
  );
});

/** What is left of a text whose reading must not grow with the square of its length. */
const hostileTexts: readonly (readonly [string, string])[] = [
  ['combining marks', `a${'\u0301\u0323'.repeat(125_000)}`],
  ['spacing marks that are sorted', `a${'\u{1d16d}\u{1d165}'.repeat(125_000)}`],
  ['unknown words', `${'a'.repeat(99)}\u20ac `.repeat(20_000)],
];
test.each(hostileTexts)(
  'is done with a long text of %s within seconds',
  { timeout: 5000 },
  (_, text) => {
    expect(tokenizer.encode(text, 1_000_000).length).toBeLessThan(2 ** 16);
  },
);

test('accents are stripped, however many a letter has', () => {
  expect(tokenizer.encode(`do${'\u0301'.repeat(40_000)}g`, 9)).toEqual(tokenizer.encode('dog', 9));
});

test('reads as much of a long text as 512 words of 100 letters take', () => {
  const words = `${'b'.repeat(100)} `.repeat(511);
  expect(tokenizer.encode(`${words}dog`, 100_000).slice(-1)).toEqual(tokenizer.encode('dog', 1));
});

test('adds [DEC] and [ENC] after a plain BERT vocabulary', () => {
  const count = fixture.vocabulary.length;
  expect(tokenizer.special).toEqual({ pad: 0, unk: 1, cls: 2, sep: 3, dec: count, enc: count + 1 });
  expect(tokenizer.size).toBe(count + 2);
});

test('finds [DEC] and [ENC] by name where the vocabulary has them', () => {
  const own = createTokenizer('[PAD]\n[ENC]\n[UNK]\n[CLS]\ndog\n[SEP]\n[DEC]\n##s');
  expect(own.special).toEqual({ pad: 0, unk: 2, cls: 3, sep: 5, dec: 6, enc: 1 });
  expect(own.size).toBe(8);
  expect(own.encode('Dogs!', 9)).toEqual([4, 7, 2]);
  expect(own.decode([6, 4, 7, 5, 0, 0])).toBe('dogs');
});

test('reads a vocabulary with Windows line ends', () => {
  const own = createTokenizer('[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\ndog\r\n');
  expect(own.encode('dog', 9)).toEqual([4]);
});

test('a special name typed by a person is text', () => {
  const { special } = tokenizer;
  expect(tokenizer.encode('[SEP] [PAD] [DEC]', 99)).not.toContain(special.sep);
  expect(tokenizer.encode('[SEP]', 99)).toEqual(tokenizer.encode('[ sep ]', 99));
});

test.each([
  ['[PAD]\n[CLS]\n[SEP]\ndog', '[UNK]'],
  ['[PAD]\n[UNK]\n[CLS]\n[SEP]\ndog\ncat\ndog', '"dog" twice, on lines 5 and 7'],
])('refuses a broken vocabulary, naming what is wrong', (broken, named) => {
  const attempt = () => createTokenizer(broken);
  expect(attempt).toThrow(MedleyError);
  expect(attempt).toThrow(named);
});

test.each([
  ['A dog (brown) runs!', 'a dog brown runs'],
  ['  Two   men: "hello" ; #1 ~ *wow*.\n', 'two men hello 1 wow'],
  ["A man's hat, and a half-open door", "a man's hat, and a half-open door"],
  ['...', ''],
])('normalises captions as BLIP does', (text, expected) => {
  expect(normaliseCaption(text)).toBe(expected);
});

test('normalising twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = normaliseCaption(text);
      expect(normaliseCaption(once)).toBe(once);
    }),
  );
});
