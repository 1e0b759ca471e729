import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from '#main/captions/text-file.ts';
import { fixtures, read } from './read.ts';

const mark = '\u{feff}';
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

test('refuses another encoding, naming file and line', async () => {
  const file = join(fixtures, 'latin1.tsv');
  await expect(read(file)).rejects.toMatchObject({
    code: 'bad-request',
    subject: file,
    message: expect.stringContaining('line 1 is not text in UTF-8'),
  });
  const later = Buffer.concat([Buffer.from('a.jpg\tx\r\nb.jpg\t'), Buffer.from([0xe9])]);
  expect(() => decodeText(later, 'x.tsv')).toThrow('line 2');
});

test.each<[string, (text: string) => Buffer]>([
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a mark', (text) => Buffer.from(mark + text)],
  ['UTF-16LE', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16LE with a mark', (text) => Buffer.from(mark + text, 'utf16le')],
  ['UTF-16BE', bigEndian],
  ['UTF-16BE with a mark', (text) => bigEndian(mark + text)],
])('any text in %s is read back, whatever its line ends', (_encoding, encode) => {
  const caption = fc.string({ unit: 'binary', maxLength: 5 }).filter((c) => !/[\r\n\0]/.test(c));
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
  fc.assert(
    fc.property(fc.array(caption, { minLength: 1 }), lineEnd, (captions, end) => {
      const lines = captions.map((each, i) => `photo ${i}.jpg\t${each}`);
      expect(decodeText(encode(lines.join(end)), 'x.tsv')).toBe(lines.join('\n'));
    }),
  );
});

test('characters whose low byte is zero do not hide which UTF-16 it is', () => {
  // U+4E00 is "one"; its bytes have their zero where those of ASCII do not.
  const text = '1.jpg\t一只狗和一只猫\n';
  expect(decodeText(Buffer.from(text, 'utf16le'), 'x.tsv')).toBe(text);
  expect(decodeText(bigEndian(text), 'x.tsv')).toBe(text);
});

/** "a.jpg<TAB>a dog", in UTF-32 of either order. */
const codePoints = [...'a.jpg\ta dog'].map((each) => each.codePointAt(0) ?? 0);
const littleUtf32 = Buffer.from(Uint32Array.from(codePoints).buffer);

test.each<[string, Buffer, string]>([
  [
    'UTF-8 without its last byte',
    Buffer.from('a.jpg\ta dog\nb.jpg\tcafé').subarray(0, -1),
    'line 2',
  ],
  [
    'UTF-16 without its last byte',
    Buffer.from('a.jpg\ta\nb.jpg\tb', 'utf16le').subarray(0, -1),
    'line 2',
  ],
  ['half a pair of UTF-16', Buffer.from('a.jpg\t\u{d83d}\nb.jpg\tb', 'utf16le'), 'line 1'],
  ['UTF-32LE', littleUtf32, 'line 1'],
  ['UTF-32BE', Buffer.from(littleUtf32).swap32(), 'line 1'],
  ['zero bytes', Buffer.from('a.jpg\ta\nb.jpg\t\0\0'), 'line 2'],
])('%s is refused with its line', (_what, bytes, line) => {
  expect(() => decodeText(bytes, 'x.tsv')).toThrow(`x.tsv: ${line} is not text in UTF-`);
});
