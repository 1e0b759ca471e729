import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { readCaptionLines } from '#main/library/metadata/caption-lines.ts';
import { temporaryFolder } from '../pictures.ts';

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), 'a.txt');
});

async function read(content: string | Uint8Array): Promise<string[] | null> {
  writeFileSync(file, content);
  const tags = await readCaptionLines(file);
  return tags === null ? null : Object.values(tags);
}

test.each([
  ['numbers of objects', '0 0.51 0.42 0.2 0.31'],
  ['objects by name', 'Car 0.00 0 -1.58 587.01 173.33 614.12 200.12'],
  ['JSON', '{"caption": "a dog"}'],
  ['a list', '[dog, cat]'],
  ['markup', '<p>a dog</p>'],
  ['white space', ' \r\n\t\n'],
  ['nothing', ''],
  ['six lines', 'a dog\n'.repeat(6)],
  ['a long text', 'a dog '.repeat(2000)],
  ['control characters', 'a dog\u0000\u0001'],
  ['a line of numbers among words', 'a dog\n1 2 3\n'],
])('%s: no caption', async (_, content) => {
  expect(await read(content)).toBeNull();
});

test('words are read, in the character sets that people have', async () => {
  expect(await read('1girl, solo, looking at viewer')).toEqual(['1girl, solo, looking at viewer']);
  expect(await read('12 people\r3 dogs at 9\n')).toEqual(['12 people', '3 dogs at 9']);
  expect(await read(Buffer.from('Caf\xe9 in M\xfcnchen', 'latin1'))).toEqual(['Café in München']);
  expect(await read('\ufeff犬が走る')).toEqual(['犬が走る']);
  const swapped = Buffer.from('\ufeffa dog', 'utf16le').swap16();
  expect(await read(swapped)).toEqual(['a dog']);
});

test('up to five lines come back as they were written, with any line ends', async () => {
  const word = fc.stringMatching(/^[a-zà-ž]{1,12}$/);
  const line = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
  const lines = fc.array(line, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(lines, fc.constantFrom('\n', '\r\n', '\r', '\n\n'), async (all, end) => {
      expect(await read(all.join(end))).toEqual(all);
    }),
  );
});

test('any bytes are read or left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      for (const line of (await read(bytes)) ?? []) expect(line).toMatch(/\p{L}/u);
    }),
  );
});
