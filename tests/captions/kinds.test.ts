import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCaptions, readCaptions } from '#main/captions/read-captions.ts';
import { decodeText } from '#main/captions/text-file.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'captions');
const plain = ['a boy jumps on a bed', 'a man in sunglasses', 'people walk down a street'];

/** A folder of photos that hold nothing: they are found by name. */
function photosFolder(names: readonly string[] = ['p01.jpg', 'p02.jpg', 'p03.jpg']): string {
  const folder = join(temporaryFolder(), 'img');
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  return folder;
}

async function read(file: string, images = photosFolder()) {
  const { photos, skipped } = await readCaptions({ captions: file, images });
  return {
    photos: photos.map(({ file, captions }) => [basename(file), ...captions]),
    skipped: skipped.map(({ reason, count, examples }) => [reason, count, examples[0].place]),
  };
}

/** The content of a captions file as a person's disk has it. */
function written(content: string | Buffer, name = 'captions.tsv'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

test.each<[string, (caption: string) => string[], [string, number, string][]]>([
  ['bom-crlf.tsv', (c) => [c], []],
  ['header.tsv', (c) => [c], []],
  ['cr-only.tsv', (c) => [c], []],
  ['utf16.tsv', (c) => [c], []],
  ['quoted.tsv', (c) => [`${c}, "said" she`], []],
  ['tabs-in-caption.tsv', (c) => [`${c}\tand more`], []],
  ['flickr.token', (c) => [c, `${c} again`], []],
  ['flickr30k.csv', (c) => [`${c}, it is`], []],
  ['pipe.csv', (c) => [c], []],
  ['metadata.jsonl', (c) => [c], []],
  ['dataset_coco.json', (c) => [c], []],
  ['coco_karpathy_test.json', (c) => [c], []],
  ['coco-string-ids.json', (c) => [c], []],
  ['coco-many-dup.json', (c) => [c], []],
  ['coco-empty-caption.json', (c) => [c], [['empty-caption', 1, 'annotations[3]']]],
  ['coco-orphan-annotation.json', (c) => [c], [['orphan-annotation', 1, 'annotations[3]']]],
  ['coco-missing-image.json', (c) => [c], [['absent-photo', 1, 'images[3]']]],
  ['tsv-missing-image.tsv', (c) => [c], [['absent-photo', 1, 'line 4']]],
])('reads %s', async (name, captionsOf, skipped) => {
  const photos = plain.map((caption, i) => [`p0${i + 1}.jpg`, ...captionsOf(caption)]);
  expect(await read(join(fixtures, name))).toEqual({ photos, skipped });
});

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

test('reads a folder of texts, a caption a line', async () => {
  const images = photosFolder(['a.jpg', 'sub/b.png', 'c.jpg']);
  writeFileSync(join(images, 'a.txt'), 'one\ntwo\n');
  writeFileSync(join(images, 'sub', 'b.png.caption'), 'three');
  writeFileSync(join(images, 'd.txt'), 'of nothing');
  expect(await read(images, images)).toEqual({
    photos: [
      ['a.jpg', 'one', 'two'],
      ['b.png', 'three'],
    ],
    skipped: [['absent-photo', 1, 'd.txt']],
  });
});

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

test.each([
  ['.\\P01.JPEG', 'p01.jpg'],
  ['./p01.jpg', 'p01.jpg'],
  ['C:\\photos\\p01.jpg', 'p01.jpg'],
  ['/elsewhere/sub/p02.jpg', 'p02.jpg'],
  ['p01', 'p01.jpg'],
])('finds %s', async (name, found) => {
  const images = photosFolder(['p01.jpg', 'sub/p02.jpg', 'other/p02.jpg']);
  const { photos } = await read(written(`${name}\ta dog\n`), images);
  expect(photos).toEqual([[found, 'a dog']]);
});

test('of two photos by one name, the one of this folder is taken', async () => {
  const images = photosFolder(['p01.jpg']);
  const file = written('val/p01.jpg\ta dog\nimg/p01.jpg\ta cat\n');
  expect(await read(file, images)).toEqual({
    photos: [['p01.jpg', 'a cat']],
    skipped: [['absent-photo', 1, 'line 1']],
  });
});

test('takes the test split where there is one', async () => {
  const file = written('file_name,text,split\np01.jpg,a dog,train\np02.jpg,a cat,test\n', 'm.csv');
  expect(await read(file)).toEqual({
    photos: [['p02.jpg', 'a cat']],
    skipped: [['other-split', 1, 'line 2']],
  });
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
