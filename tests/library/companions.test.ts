import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupCompanions } from '#main/library/companions.ts';
import { isOtherFile } from '#main/library/other-files.ts';

/** Photos with what goes with each, as `a.jpg: a.xmp, a.cr2`. */
function grouped(names: readonly string[]): string[] {
  return Array.from(groupCompanions(names), ([photo, companions]) => {
    const others = companions.map(({ name, role }) => `${name} ${role}`);
    return others.length === 0 ? photo : `${photo}: ${others.join(', ')}`;
  });
}

describe('sidecars', () => {
  test.each([
    ['the stem alone', ['a.jpg', 'a.xmp'], ['a.jpg: a.xmp sidecar']],
    ['the whole name', ['b.jpg', 'b.jpg.xmp'], ['b.jpg: b.jpg.xmp sidecar']],
    ['both at once', ['c.jpg', 'c.jpg.xmp', 'c.xmp'], ['c.jpg: c.jpg.xmp sidecar, c.xmp sidecar']],
    ['upper case', ['A.JPG', 'A.XMP'], ['A.JPG: A.XMP sidecar']],
    ['another case than the photo', ['IMG.jpg', 'img.JPG.Xmp'], ['IMG.jpg: img.JPG.Xmp sidecar']],
    [
      'composed accents',
      ['cafe\u0301.jpg', 'caf\u00e9.xmp'],
      ['cafe\u0301.jpg: caf\u00e9.xmp sidecar'],
    ],
    [
      'two photos of one stem',
      ['a.jpg', 'a.png', 'a.xmp'],
      ['a.jpg: a.xmp sidecar', 'a.png: a.xmp sidecar'],
    ],
    [
      'one of two photos of one stem',
      ['a.jpg', 'a.png', 'a.png.xmp'],
      ['a.jpg', 'a.png: a.png.xmp sidecar'],
    ],
    ['a raw file by itself', ['a.nef', 'a.xmp'], ['a.nef: a.xmp sidecar']],
    [
      'a raw file that goes with a JPEG',
      ['a.cr2', 'a.cr2.xmp', 'a.jpg', 'a.xmp'],
      ['a.jpg: a.cr2 raw, a.cr2.xmp sidecar, a.xmp sidecar'],
    ],
    [
      'further versions of darktable',
      ['a.cr2', 'a.cr2.xmp', 'a_01.cr2.xmp', 'a_12.cr2.xmp'],
      ['a.cr2: a.cr2.xmp sidecar, a_01.cr2.xmp sidecar, a_12.cr2.xmp sidecar'],
    ],
    [
      'a photo that is called like a version',
      ['a.jpg', 'a_01.jpg', 'a_01.jpg.xmp'],
      ['a.jpg', 'a_01.jpg: a_01.jpg.xmp sidecar'],
    ],
    ['a version without its photo', ['a.jpg', 'a_01.png.xmp'], ['a.jpg']],
    ['a photo without extension', ['scan', 'scan.xmp'], ['scan: scan.xmp sidecar']],
    ['a name with dots', ['a.b.jpg', 'a.b.xmp', 'a.jpg'], ['a.b.jpg: a.b.xmp sidecar', 'a.jpg']],
    ['nothing', ['a.jpg', 'b.xmp'], ['a.jpg']],
    ['a film', ['a.mp4', 'a.mp4.xmp'], ['a.mp4']],
  ])('of %s', (_, names, photos) => {
    expect(grouped(names)).toEqual(photos);
  });
});

describe('texts beside photos', () => {
  test.each([
    ['the stem alone', ['a.jpg', 'a.txt'], ['a.jpg: a.txt text']],
    ['the whole name', ['a.jpg', 'a.jpg.txt'], ['a.jpg: a.jpg.txt text']],
    ['the ending of trainers', ['a.png', 'a.caption'], ['a.png: a.caption text']],
    ['several at once', ['a.jpg', 'a.caption', 'a.txt'], ['a.jpg: a.caption text, a.txt text']],
    ['another case', ['IMG_1.JPG', 'img_1.Txt'], ['IMG_1.JPG: img_1.Txt text']],
    ['a raw file and its JPEG', ['a.cr2', 'a.jpg', 'a.txt'], ['a.jpg: a.cr2 raw, a.txt text']],
    ['two photos of one stem', ['a.jpg', 'a.png', 'a.txt'], ['a.jpg', 'a.png']],
    ['one of two photos', ['a.jpg', 'a.png', 'a.png.txt'], ['a.jpg', 'a.png: a.png.txt text']],
    ['a document', ['readme.png', 'README.txt'], ['readme.png']],
    ['what is called no picture', ['notes', 'notes.txt'], ['notes']],
    ['a film', ['a.mp4', 'a.txt'], ['a.mp4']],
    ['nothing', ['a.jpg', 'b.txt', 'caption.txt'], ['a.jpg']],
  ])('of %s', (_, names, photos) => {
    expect(grouped(names)).toEqual(photos);
  });

  test('go with one photo each, that has their stem or their whole name', () => {
    const stems = fc.constantFrom('a', 'b', 'a.jpg', 'readme');
    const endings = fc.constantFrom('jpg', 'png', 'cr2', 'txt', 'caption', 'xmp', 'mov');
    const name = fc.tuple(stems, endings).map((parts) => parts.join('.'));
    const stemOf = (file: string) => file.slice(0, file.lastIndexOf('.'));
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        const met = new Set<string>();
        for (const [photo, companions] of groupCompanions(names)) {
          // Also of the raw file that goes with it.
          const called = [photo, ...companions.map((each) => each.name)];
          for (const text of companions.filter(({ role }) => role === 'text')) {
            expect([...called, ...called.map(stemOf)]).toContain(stemOf(text.name));
            expect(met).not.toContain(text.name);
            met.add(text.name);
          }
        }
      }),
    );
  });
});

describe('pairs', () => {
  test.each([
    ['raw and JPEG', ['I.CR2', 'I.JPG'], ['I.JPG: I.CR2 raw']],
    ['raw and HEIC', ['I.DNG', 'I.HEIC'], ['I.HEIC: I.DNG raw']],
    ['raw, HEIC and JPEG', ['I.DNG', 'I.HEIC', 'I.JPG'], ['I.HEIC', 'I.JPG: I.DNG raw']],
    ['raw and PNG', ['I.DNG', 'I.PNG'], ['I.DNG', 'I.PNG']],
    ['two raws', ['I.CR2', 'I.DNG'], ['I.CR2', 'I.DNG']],
    ['two raws and a JPEG', ['I.CR2', 'I.DNG', 'I.JPG'], ['I.JPG: I.CR2 raw, I.DNG raw']],
    ['two plain pictures', ['a.jpg', 'a.png'], ['a.jpg', 'a.png']],
    ['a live photo', ['I.HEIC', 'I.MOV'], ['I.HEIC: I.MOV film']],
    ['a live photo of Takeout', ['I.HEIC', 'I.MP4'], ['I.HEIC: I.MP4 film']],
    ['a live photo as JPEG', ['i.jpg', 'i.mov'], ['i.jpg: i.mov film']],
    ['a live photo in both formats', ['I.HEIC', 'I.JPG', 'I.MOV'], ['I.HEIC: I.MOV film', 'I.JPG']],
    ['a film named after the photo', ['I.HEIC', 'I.HEIC.MOV'], ['I.HEIC: I.HEIC.MOV film']],
    ['a motion photo', ['P.MP', 'P.MP.jpg'], ['P.MP.jpg: P.MP film']],
    ['a film beside a drawing', ['a.mov', 'a.png'], ['a.mov', 'a.png']],
    ['a film of another kind', ['a.avi', 'a.jpg'], ['a.avi', 'a.jpg']],
  ])('%s', (_, names, photos) => {
    expect(grouped(names)).toEqual(photos);
  });
});

describe('Google Takeout', () => {
  const long = '123456789123456789123456789123456789_DSCN01';
  test.each([
    ['as it was', 'IMG_0001.jpg', 'IMG_0001.jpg.json'],
    ['since 2024', 'IMG_0002.jpg', 'IMG_0002.jpg.supplemental-metadata.json'],
    [
      'cut in the supplement',
      'IMG_20190102_030405_01.jpg',
      'IMG_20190102_030405_01.jpg.supplemental-metad.json',
    ],
    [
      'cut to a few letters',
      'PXL_20230102_030405678.PORTRAIT-01.jpg',
      'PXL_20230102_030405678.PORTRAIT-01.jpg.suppl.json',
    ],
    ['cut to the dot', `${long}.jpg`, `${long}.jpg..json`],
    ['whole though long', `${long}.jpg`, `${long}.jpg.json`],
    ['cut in the extension', `${long}23.jpg`, `${long}23.j.json`],
    ['cut in the stem', `${long}2345.jpg`, `${long}234.json`],
    ['numbered', 'IMG_0003(1).jpg', 'IMG_0003.jpg.supplemental-metadata(1).json'],
    ['numbered as it was', 'IMG_0003(12).jpg', 'IMG_0003.jpg(12).json'],
    ['numbered and cut', `${long}2345(1).jpg`, `${long}234(1).json`],
    ['a number in the title', 'IMG(1).jpg', 'IMG(1).jpg.json'],
    ['HEIC', 'IMG_0005.HEIC', 'IMG_0005.HEIC.json'],
    ['another case', 'IMG_0005.JPG', 'IMG_0005.jpg.json'],
    ['a title without extension', 'IMG_0006.jpg', 'IMG_0006.json'],
    ['a photo without extension', 'IMG_0006', 'IMG_0006.supplemental-metadata.json'],
    ['edited, the original gone', 'IMG_0004-edited.jpg', 'IMG_0004.jpg.json'],
    ['edited and numbered', 'IMG_0004-edited(1).jpg', 'IMG_0004.jpg.supplemental-metadata(1).json'],
  ])('%s', (_, photo, json) => {
    expect(grouped([photo, json])).toEqual([`${photo}: ${json} takeout`]);
  });

  test.each(['edited', 'bearbeitet', 'modifié', 'editado', 'modificato', 'bewerkt', '編集済み'])(
    'tells of a photo and of what was made of it: %s',
    (word) => {
      const json = 'IMG_0004.jpg.supplemental-metadata.json';
      const edited = `IMG_0004-${word}.jpg`;
      expect(grouped(['IMG_0004.jpg', edited, json])).toEqual(
        [`IMG_0004.jpg: ${json} takeout`, `${edited}: ${json} takeout`].sort(),
      );
    },
  );

  test('keeps photos of one title apart', () => {
    const names = [
      'IMG.jpg',
      'IMG(1).jpg',
      'IMG-edited.jpg',
      'IMG-edited(1).jpg',
      'IMG.jpg.json',
      'IMG.jpg(1).json',
    ];
    expect(grouped(names)).toEqual([
      'IMG(1).jpg: IMG.jpg(1).json takeout',
      'IMG-edited(1).jpg: IMG.jpg(1).json takeout',
      'IMG-edited.jpg: IMG.jpg.json takeout',
      'IMG.jpg: IMG.jpg.json takeout',
    ]);
  });

  test('guesses nothing where a cut name fits several photos', () => {
    const start = 'a very long name that many photos of a day have in common';
    const json = `${start.slice(0, 46)}.json`;
    expect(grouped([`${start} 1.jpg`, `${start} 2.jpg`, json])).toEqual([
      `${start} 1.jpg`,
      `${start} 2.jpg`,
    ]);
    expect(grouped(['a.jpg', 'ab.jpg', 'abc.jpg.json', 'metadata.json'])).toEqual([
      'a.jpg',
      'ab.jpg',
    ]);
  });

  test('tells of both files of a live photo, and of a pair through either', () => {
    expect(grouped(['I.HEIC', 'I.HEIC.json', 'I.MP4'])).toEqual([
      'I.HEIC: I.MP4 film, I.HEIC.json takeout',
    ]);
    expect(grouped(['I.DNG', 'I.DNG.json', 'I.jpg'])).toEqual([
      'I.jpg: I.DNG raw, I.DNG.json takeout',
    ]);
  });
});

const stem = fc.constantFrom(
  'a',
  'A',
  'b',
  'a(1)',
  'a-edited',
  'a.jpg',
  'b(2)',
  `${'long'.repeat(12)}`,
);
const extension = fc.constantFrom(
  ...['', '.jpg', '.JPG', '.heic', '.png', '.cr2', '.dng', '.mov', '.mp4', '.xmp', '.XMP', '.json'],
  ...['.jpg.json', '.jpg.supplemental-metadata.json', '.jpg(1).json', '.txt', '.jpg~', '.psd'],
);
const someNames = fc.uniqueArray(
  fc.oneof(
    fc.tuple(stem, extension).map((parts) => parts.join('')),
    fc.string({ minLength: 1 }),
  ),
  { maxLength: 14 },
);

test('every file is looked at, goes with a photo, or is known to be something else', () => {
  fc.assert(
    fc.property(someNames, (names) => {
      const groups = groupCompanions(names);
      const attached = new Set([...groups.values()].flat().map(({ name }) => name));
      for (const name of names) {
        const places = [groups.has(name), attached.has(name)].filter(Boolean).length;
        // Companions of nothing are other files: a text that speaks of no photo.
        expect(places).toBe(isOtherFile(name) ? Number(attached.has(name)) : 1);
      }
      expect([...groups.keys(), ...attached].every((name) => names.includes(name))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('what goes with what does not depend on the order of a listing', () => {
  fc.assert(
    fc.property(someNames, fc.nat(), (names, turn) => {
      const at = names.length === 0 ? 0 : turn % names.length;
      const turned = [...names.slice(at), ...names.slice(0, at)].reverse();
      expect(groupCompanions(turned)).toEqual(groupCompanions(names));
    }),
    { numRuns: 1000 },
  );
});
