import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCaptions, readCaptionsFile } from '#main/evaluation/captions-file.ts';

test('reads lines of file and caption, several a photo, in the order of the file', () => {
  const text = '\u{feff}b.jpg\tA dog.\r\na.jpg\tA cat, "asleep"\r\n\r\nb.jpg\tTwo\tdogs\n';
  expect(parseCaptions(text, 'x.tsv')).toEqual([
    { file: 'b.jpg', captions: ['A dog.', 'Two\tdogs'] },
    { file: 'a.jpg', captions: ['A cat, "asleep"'] },
  ]);
});

test('reads COCO captions, leaving out photos without one', () => {
  const document = {
    info: { year: 2014 },
    images: [
      { id: 9, file_name: 'nine.jpg', height: 480 },
      { id: 3, file_name: 'three.jpg' },
      { id: 4, file_name: 'four.jpg' },
    ],
    annotations: [
      { id: 1, image_id: 3, caption: 'A cat.\n' },
      { id: 2, image_id: 9, caption: 'A dog.' },
      { id: 3, image_id: 3, caption: 'Two cats.' },
    ],
  };
  expect(parseCaptions(JSON.stringify(document), 'x.json')).toEqual([
    { file: 'nine.jpg', captions: ['A dog.'] },
    { file: 'three.jpg', captions: ['A cat.', 'Two cats.'] },
  ]);
});

test('what is written as lines is read back', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9é.]{1,8}$/);
  const photo = fc.record({
    file: word,
    captions: fc.array(word, { minLength: 1, maxLength: 4 }),
  });
  const photos = fc.uniqueArray(photo, { minLength: 1, selector: ({ file }) => file });
  fc.assert(
    fc.property(photos, (written) => {
      const lines = written.flatMap(({ file, captions }) => captions.map((c) => `${file}\t${c}`));
      expect(parseCaptions(lines.join('\n'), 'x.tsv')).toEqual(written);
    }),
  );
});

test.each([
  ['', 'holds no captions'],
  ['a.jpg\tA dog\nb.jpg A cat\n', 'line 2'],
  ['a.jpg\tA dog\n\n\tA cat\n', 'line 3'],
  ['a.jpg\t \n', 'line 1'],
  ['{"images": [', 'not valid JSON'],
  ['{"images": [{"id": 1}], "annotations": []}', 'images.0.file_name'],
  [
    '{"images": [], "annotations": [{"image_id": 7, "caption": "A dog"}]}',
    'annotations[0] is of image 7',
  ],
  [
    '{"images": [{"id": 7, "file_name": "a"}], "annotations": [{"image_id": 7, "caption": " "}]}',
    'annotations[0] has an empty caption',
  ],
  ['{"images": [{"id": 7, "file_name": "a"}], "annotations": []}', 'holds no captions'],
])('refuses %j, naming file and place', (text, reason) => {
  const attempt = () => parseCaptions(text, 'captions.txt');
  expect(attempt).toThrow(expect.objectContaining({ code: 'bad-request' }));
  expect(attempt).toThrow('captions.txt');
  expect(attempt).toThrow(reason);
});

test('reads from disk, and says when there is no such file', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'captions-'));
  try {
    const file = path.join(folder, 'captions.tsv');
    await expect(readCaptionsFile(file)).rejects.toMatchObject({ code: 'file-missing' });
    await writeFile(file, 'a.jpg\tA dog\n');
    expect(await readCaptionsFile(file)).toEqual([{ file: 'a.jpg', captions: ['A dog'] }]);
    await expect(readCaptionsFile(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
