import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCaptions } from '#main/captions/read-captions.ts';

/** Captions by photo. */
type Photos = readonly (readonly [name: string, captions: readonly string[]])[];

function parsed(document: unknown): Photos {
  const photos = new Map<string, string[]>();
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  for (const { photo, captions } of parseCaptions(text, 'x.json')) {
    const name = photo ?? 'none';
    photos.set(name, [...(photos.get(name) ?? []), ...captions]);
  }
  return [...photos];
}

const each = <T>(photos: Photos, make: (photo: string, caption: string, index: number) => T): T[] =>
  photos.flatMap(([name, captions], i) => captions.map((caption) => make(name, caption, i)));

const kinds: Readonly<Record<string, (photos: Photos) => string>> = {
  COCO: (photos) =>
    JSON.stringify({
      annotations: each(photos, (_, caption, i) => ({ image_id: i, caption })).map((rest, id) => ({
        id,
        ...rest,
      })),
      images: photos.map(([file_name], id) => ({ id, file_name })),
    }),
  Karpathy: (photos) =>
    JSON.stringify({
      images: photos.map(([filename, captions]) => ({
        filename,
        sentences: captions.map((raw) => ({ raw })),
      })),
    }),
  'a list of photos': (photos) =>
    JSON.stringify(photos.map(([image, caption]) => ({ image, caption }))),
  'an indented list of captions': (photos) =>
    JSON.stringify(
      each(photos, (filename, text) => ({ filename, text })),
      null,
      2,
    ),
  'lines of captions': (photos) =>
    each(photos, (file_name, text) => JSON.stringify({ file_name, text })).join('\n'),
  'a map': (photos) => JSON.stringify(Object.fromEntries(photos)),
};

test.each(Object.entries(kinds))('any captions in %s are read back', (_kind, write) => {
  // A text that is itself a list may be meant as one.
  const caption = fc.string({ unit: 'grapheme' }).filter((text) => !/^\s*\["/.test(text));
  const captions = fc.array(fc.array(caption, { minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(captions, (all) => {
      const photos = all.map((own, i) => [`${i}.jpg`, own] as const);
      expect(parsed(write(photos))).toEqual(photos);
    }),
  );
});

test('a map may have one caption or several', () => {
  const document = { '1.jpg': 'a dog', '2.jpg': ['a cat', 'it sleeps'], '3.jpg': '["a", "b"]' };
  expect(parsed(document)).toEqual([
    ['1.jpg', ['a dog']],
    ['2.jpg', ['a cat', 'it sleeps']],
    ['3.jpg', ['a', 'b']],
  ]);
});

test('an annotation that is listed twice counts once, two with one id are two', () => {
  const images = [{ id: 7, file_name: '1.jpg' }];
  const dog = { id: 1, image_id: 7, caption: 'a dog' };
  const annotations = [dog, dog, { ...dog, caption: 'it runs' }];
  expect(parsed({ images, annotations })).toEqual([['1.jpg', ['a dog', 'it runs']]]);
});

test.each<[unknown, string]>([
  [
    {
      images: [
        { id: 7, file_name: '1.jpg' },
        { id: 7, file_name: '2.jpg' },
      ],
      annotations: [],
    },
    'images[1] gives image 7, which is 1.jpg, to 2.jpg too',
  ],
  [{ images: [], annotations: [{ image_id: 7 }] }, 'annotations.0.caption'],
  [{ images: [{ filename: '1.jpg' }] }, 'images.0.sentences'],
  [{ '1.jpg': 3 }, '"1.jpg" has no captions'],
  [[{ image: '1.jpg', caption: 'a dog' }, { image: '2.jpg' }], '[1] names no photo'],
  ['{"image":"1.jpg","caption":"a dog"}\n{"image":', 'line 2 is not valid JSON'],
  ['{"image":"1.jpg","caption":"a dog"}\n\n{"image":"2.jpg"}', 'line 3 names no photo'],
  ['{"images": [', 'it is not valid JSON'],
])('refuses %j', (document, reason) => {
  expect(() => parsed(document)).toThrow(reason);
});
