import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportCaptions } from '#main/captions/export/export-captions.ts';
import type { ExportedPhoto, ExportFormat } from '#main/captions/export/exported-photo.ts';
import { readCaptions } from '#main/captions/read-captions.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { photosFolder } from './read.ts';

const names = ['p01.jpg', 'lake/p02.jpeg', 'lake/deep/p03 (1).png'];
const outOf = { csv: 'captions.csv', jsonl: 'metadata.jsonl', coco: 'coco.json', kohya: 'texts' };

/** What its reader makes of an export. */
async function readBack(images: string, photos: readonly ExportedPhoto[], format: ExportFormat) {
  const out = join(temporaryFolder(), outOf[format]);
  await exportCaptions(photos, { format, out, ending: '.txt', replace: false });
  const { photos: read, skipped } = await readCaptions({ captions: out, images });
  expect(skipped).toEqual([]);
  const captions = new Map(read.map(({ file, captions }) => [file, captions]));
  return photos.map(({ name }) => ({ name, captions: captions.get(join(images, name)) }));
}

/** Texts as people write them, and worse: quotes, delimiters, lines, other scripts. */
const caption = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc
      .array(fc.constantFrom('a dog', '"', ',', ';', '|', '\t', '\n', '\r\n', '#', '👩‍👧', 'Ø'), {
        minLength: 1,
      })
      .map((parts) => parts.join(' ')),
  )
  .filter((text) => text.trim() !== '' && text.isWellFormed() && !text.includes('\0'))
  // A list of captions in one cell, as some tables have it.
  .filter((text) => !/^\s*\["/.test(text));
const photos = fc
  .tuple(...names.map(() => fc.array(caption, { minLength: 1, maxLength: 3 })))
  .map((captions) => names.map((name, i) => ({ name, captions: captions[i] })));
const lines = (text: string) => text.replaceAll(/\r\n?/g, '\n').trim();

describe('an export is read back by its reader', () => {
  test.each(['csv', 'coco'] as const)('%s, with every caption', async (format) => {
    const images = photosFolder(names);
    await fc.assert(
      fc.asyncProperty(photos, async (given) => {
        expect(await readBack(images, given, format)).toEqual(
          given.map(({ name, captions }) => ({ name, captions: captions.map(lines) })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('jsonl, with the best caption', async () => {
    const images = photosFolder(names);
    await fc.assert(
      fc.asyncProperty(photos, async (given) => {
        expect(await readBack(images, given, 'jsonl')).toEqual(
          given.map(({ name, captions }) => ({ name, captions: [lines(captions[0])] })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('kohya, with the best caption in one line', async () => {
    const images = photosFolder(names);
    await fc.assert(
      fc.asyncProperty(photos, async (given) => {
        const inOneLine = (text: string) => lines(text).replaceAll(/\s+/g, ' ');
        expect(await readBack(images, given, 'kohya')).toEqual(
          given.map(({ name, captions }) => ({ name, captions: [inOneLine(captions[0])] })),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('an export', () => {
  const two = [
    { name: 'a.jpg', captions: ['A "red" boat, at sea', 'A boat'] },
    { name: 'b/c.png', captions: ['A dog'] },
  ];
  const write = async (format: ExportFormat, out: string, replace = false) =>
    await exportCaptions(two, { format, out, ending: '.caption', replace });

  test('is written as others read it', async () => {
    const folder = temporaryFolder();
    const texts = new Map<string, string>();
    for (const format of ['csv', 'jsonl', 'coco'] as const) {
      const [path] = await write(format, join(folder, format));
      texts.set(format, readFileSync(path, 'utf8'));
    }
    expect(texts.get('csv')).toBe(
      '"image","caption"\n"a.jpg","A ""red"" boat, at sea"\n"a.jpg","A boat"\n"b/c.png","A dog"\n',
    );
    expect(texts.get('jsonl')).toBe(
      '{"file_name":"a.jpg","text":"A \\"red\\" boat, at sea"}\n{"file_name":"b/c.png","text":"A dog"}\n',
    );
    expect(JSON.parse(texts.get('coco') ?? '')).toMatchObject({
      images: [
        { id: 1, file_name: 'a.jpg' },
        { id: 2, file_name: 'b/c.png' },
      ],
      annotations: [
        { id: 1, image_id: 1, caption: 'A "red" boat, at sea' },
        { id: 2, image_id: 1, caption: 'A boat' },
        { id: 3, image_id: 2, caption: 'A dog' },
      ],
    });
    const files = await write('kohya', join(folder, 'texts'));
    expect(files.map((path) => [basename(path), readFileSync(path, 'utf8')])).toEqual([
      ['a.caption', 'A "red" boat, at sea\n'],
      ['c.caption', 'A dog\n'],
    ]);
  });

  test('overwrites nothing unless it is told to, and then writes nothing at all', async () => {
    const folder = temporaryFolder();
    await exportCaptions([two[1]], {
      format: 'kohya',
      out: folder,
      ending: '.caption',
      replace: false,
    });
    await expect(write('kohya', folder)).rejects.toMatchObject({
      code: 'bad-request',
      subject: join(folder, 'b/c.caption'),
    });
    expect(() => readFileSync(join(folder, 'a.caption'))).toThrow('ENOENT');
    await write('kohya', folder, true);
    expect(readFileSync(join(folder, 'a.caption'), 'utf8')).toContain('boat');
    const file = join(folder, 'a.caption');
    await expect(write('kohya', file, true)).rejects.toMatchObject({
      code: 'folder-missing',
      message: `${file} is a file. Choose a folder instead.`,
    });
  });
});
