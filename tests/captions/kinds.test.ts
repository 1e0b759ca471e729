import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtures, photosFolder, read } from './read.ts';

const plain = ['a boy jumps on a bed', 'a man in sunglasses', 'people walk down a street'];

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

test('finds the metadata of an image folder', async () => {
  const images = photosFolder();
  mkdirSync(join(images, 'sub'));
  writeFileSync(join(images, 'metadata.jsonl'), '{"file_name":"p01.jpg","text":"a dog"}');
  writeFileSync(join(images, 'sub', 'metadata.csv'), 'file_name,text\np02.jpg,a cat\n');
  expect(await read(images, images)).toEqual({ photos: [['p01.jpg', 'a dog']], skipped: [] });
  expect(await read(join(images, 'sub'), images)).toEqual({
    photos: [['p02.jpg', 'a cat']],
    skipped: [],
  });
});
