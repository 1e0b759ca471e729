import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCaptions } from '#main/captions/read-captions.ts';
import { asNobody } from '../library/as-nobody.ts';
import { photosFolder, read, written } from './read.ts';

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

test.each([
  ['train', [['p01.jpg', 'a dog']]],
  [
    'all',
    [
      ['p01.jpg', 'a dog'],
      ['p02.jpg', 'a cat'],
    ],
  ],
])('takes the split %s where it is asked for', async (split, photos) => {
  const file = written('file_name,text,split\np01.jpg,a dog,train\np02.jpg,a cat,test\n', 'm.csv');
  expect(await read(file, photosFolder(), split)).toMatchObject({ photos });
});

test.each([
  [
    'file_name,text,split\np01.jpg,a dog,train\np02.jpg,a cat,val\n',
    'it has the splits train, val, not dev',
  ],
  ['p01.jpg\ta dog\n', 'it has no splits, not dev'],
])('refuses a split that %j does not have', async (text, reason) => {
  await expect(read(written(text), photosFolder(), 'dev')).rejects.toThrow(reason);
});

test('says which photos could be several, and which have no caption', async () => {
  const images = photosFolder(['a/p01.jpg', 'b/p01.jpg', 'p02.jpg', 'p03.jpg']);
  const document = {
    images: ['p01.jpg', 'p02.jpg', 'p03.jpg'].map((file_name, id) => ({ id, file_name })),
    annotations: [0, 1].map((id) => ({ id, image_id: id, caption: 'a dog' })),
  };
  expect(await read(written(JSON.stringify(document)), images)).toEqual({
    photos: [['p02.jpg', 'a dog']],
    skipped: [
      ['uncaptioned-photo', 1, 'images[2]'],
      ['ambiguous-photo', 1, 'images[0]'],
    ],
  });
});

test('counts all that is left out, and shows the first three', async () => {
  const gone = [1, 2, 3, 4].map((n) => `gone ${n}.jpg\ta dog\n`).join('');
  const captions = written(`p01.jpg\ta cat\n${gone}`);
  const { skipped } = await readCaptions({ captions, images: photosFolder() });
  const examples = [1, 2, 3].map((n) => ({ what: `gone ${n}.jpg`, detail: `line ${n + 1}` }));
  expect(skipped).toEqual([{ reason: 'absent-photo', count: 4, examples }]);
});

test('refuses captions of photos that are all elsewhere', async () => {
  const [file, images] = [written('\ngone.jpg\ta dog\n'), photosFolder()];
  await expect(read(file, images)).rejects.toMatchObject({
    code: 'bad-request',
    subject: file,
    message: expect.stringContaining(
      `none of its photos is in ${images}: the first is gone.jpg (line 2)`,
    ),
  });
});

test('tells of folders that cannot be searched', async () => {
  await asNobody(async () => {
    const images = photosFolder(['p01.jpg', 'closed/p02.jpg']);
    const closed = join(images, 'closed');
    const both = written('p01.jpg\ta dog\np02.jpg\ta cat\n');
    const hidden = written('p02.jpg\ta cat\n');
    chmodSync(closed, 0);
    try {
      const { photos, skipped } = await readCaptions({ captions: both, images });
      expect(photos).toHaveLength(1);
      expect(skipped).toEqual([
        {
          reason: 'unreadable-folder',
          count: 1,
          examples: [{ what: closed, detail: expect.stringContaining('check its permissions') }],
        },
        { reason: 'absent-photo', count: 1, examples: [{ what: 'p02.jpg', detail: 'line 2' }] },
      ]);
      await expect(read(hidden, images)).rejects.toThrow(`Cannot read the folder ${closed}`);
      await expect(read(images, images)).rejects.toMatchObject({
        code: 'file-unreadable',
        subject: closed,
      });
    } finally {
      chmodSync(closed, 0o700);
    }
  });
});
