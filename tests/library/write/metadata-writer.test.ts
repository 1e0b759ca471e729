import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MetadataWriter } from '#main/library/write/metadata-writer.ts';
import { cutToBytes, writableText } from '#main/library/write/writable-text.ts';
import type { WrittenTexts } from '#main/library/write/written-text.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../pictures.ts';
import { exiftool, readAll, readOne, type Said } from './command-line.ts';
import { embeddable, pixelsOf, putPicture, scanOf } from './pictures.ts';

let writer: MetadataWriter;
beforeAll(async () => {
  writer = await MetadataWriter.open();
});
afterAll(() => writer.close());

const words = (text: string | null, modelId: string | null = null) => ({ text, modelId });
const texts: WrittenTexts = {
  caption: words('Großmutter am Meer – 😀 "1 < 2 & 3"\nzweite Zeile'),
  alt: words('An old woman looks at the sea.'),
  extended: words('Sie trägt einen roten Mantel.'),
};

/** Writes a copy beside the source. */
async function write(
  source: string | null,
  written: WrittenTexts,
  target = `${source}.copy`,
  mark = true,
): Promise<string> {
  await writer.write(source, target, written, { mark });
  return target;
}

/** What a copy says otherwise than its source, of what is not of the file itself. */
function changes(before: Said, after: Said): Said {
  const ofTheFile =
    /^System:|^ExifTool:|^File:|^SourceFile|XMPToolkit|Offset|IPTCDigest|WebP_Flags/;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    names
      .filter((name) => !ofTheFile.test(name))
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name] ?? null]),
  );
}

describe('texts embedded', () => {
  const caption = texts.caption?.text;
  const xmp = {
    'XMP-dc:Description': caption,
    'XMP-iptcCore:AltTextAccessibility': texts.alt?.text,
    'XMP-iptcCore:ExtDescrAccessibility': texts.extended?.text,
  };
  const trio = { ...xmp, 'IFD0:ImageDescription': caption };
  const expected: Record<(typeof embeddable)[number], object> = {
    jpg: { ...trio, 'IPTC:Caption-Abstract': caption, 'IPTC:CodedCharacterSet': 'UTF8' },
    tiff: { ...trio, 'IPTC:Caption-Abstract': caption, 'IPTC:CodedCharacterSet': 'UTF8' },
    png: trio,
    webp: trio,
    avif: trio,
    heic: trio,
  };

  test('are read by exiftool, leave the picture as it is, and are erased again', async () => {
    const folder = temporaryFolder();
    const written: string[] = [];
    const erased: string[] = [];
    for (const format of embeddable) {
      const source = await putPicture(folder, `photo.${format}`);
      const bytes = readFileSync(source);
      const target = await write(source, texts);
      written.push(target);
      expect(readFileSync(source).equals(bytes), format).toBe(true);
      // The decoder goes by what is in the file, whatever it is called.
      expect(await pixelsOf(target), format).toBe(await pixelsOf(source));
      if (format === 'jpg') expect((await scanOf(target)).equals(await scanOf(source))).toBe(true);
      const nothing = { caption: words(null), alt: words(' \n'), extended: words('') };
      erased.push(await write(target, nothing));
    }
    const said = readAll(written);
    embeddable.forEach((format, i) => expect(said[i], format).toMatchObject(expected[format]));
    for (const after of readAll(erased)) {
      expect(Object.keys(after).join(' ')).not.toMatch(/Description|Caption|Accessibility|medley/i);
    }
  });
});

describe('a sidecar', () => {
  test('is made where there is none', async () => {
    const target = await write(null, texts, join(temporaryFolder(), 'photo.cr2.xmp'));
    expect(readOne(target)).toMatchObject({
      'File:FileType': 'XMP',
      'XMP-dc:Description': texts.caption?.text,
      'XMP-iptcCore:AltTextAccessibility': texts.alt?.text,
      'XMP-iptcCore:ExtDescrAccessibility': texts.extended?.text,
    });
  });

  test('of darktable, digiKam or Lightroom keeps all else it says', async () => {
    const sources = ['darktable', 'digikam', 'lightroom'].map((name) =>
      join(import.meta.dirname, `../../fixtures/write/${name}.xmp`),
    );
    const folder = temporaryFolder();
    const targets: string[] = [];
    for (const [i, source] of sources.entries()) {
      const written = { caption: words('A boat'), alt: words('Boat') };
      targets.push(await write(source, written, join(folder, `${i}.xmp`)));
    }
    const said = readAll([...sources, ...targets], '-struct');
    for (const [i, source] of sources.entries()) {
      expect(Object.keys(said[i]).length, source).toBeGreaterThan(20);
      expect(changes(said[i], said[i + sources.length]), source).toEqual({
        'XMP-dc:Description': 'A boat',
        'XMP-iptcCore:AltTextAccessibility': 'Boat',
      });
    }
  });

  const damaged = {
    'is not XML': 'Grandmother at the sea\n',
    'is cut off':
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Desc',
    'is empty': '',
    'is JSON': '{"caption":"Grandmother at the sea"}',
  };
  test.each(Object.entries(damaged))('that %s is refused', async (_, content) => {
    const source = join(temporaryFolder(), 'photo.jpg.xmp');
    writeFileSync(source, content);
    await expect(write(source, texts)).rejects.toMatchObject({
      code: 'file-unreadable',
      subject: source,
    });
    expect(readFileSync(source, 'utf8')).toBe(content);
  });
});

test('a field in several languages keeps what is said in other words', async () => {
  const folder = temporaryFolder();
  const cases: [entries: [language: string, text: string][], text: string | null][] = [
    [
      [
        ['x-default', 'Boot'],
        ['de', 'Boot'],
        ['fr', 'Bateau'],
      ],
      'Schiff',
    ],
    [
      [
        ['fr', 'Bateau'],
        ['en-US', 'Boat'],
      ],
      'Ship',
    ],
    [
      [
        ['x-default', 'Boot'],
        ['fr', 'Bateau'],
      ],
      null,
    ],
  ];
  const targets: string[] = [];
  for (const [i, [entries, text]] of cases.entries()) {
    const source = join(folder, `${i}.xmp`);
    writeFileSync(source, descriptions(entries));
    targets.push(await write(source, { caption: words(text) }));
  }
  const [same, withoutDefault, erased] = readAll(targets).map((said) =>
    Object.fromEntries(Object.entries(said).filter(([tag]) => tag.startsWith('XMP-dc:'))),
  );
  expect(same).toEqual({
    'XMP-dc:Description': 'Schiff',
    'XMP-dc:Description-de': 'Schiff',
    'XMP-dc:Description-fr': 'Bateau',
  });
  expect(withoutDefault).toEqual({
    'XMP-dc:Description': 'Ship',
    'XMP-dc:Description-en-US': 'Ship',
    'XMP-dc:Description-fr': 'Bateau',
  });
  // The others say in other words what is wrong.
  expect(erased).toEqual({});
});

function descriptions(entries: readonly [language: string, text: string][]): string {
  const items = entries.map(
    ([language, text]) => `<rdf:li xml:lang="${language}">${text}</rdf:li>`,
  );
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>${items.join('')}</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

describe('IPTC', () => {
  async function after(text: string, ...before: string[]): Promise<Said> {
    const source = await putPicture(temporaryFolder(), 'photo.jpg');
    exiftool('-overwrite_original', ...before, source);
    return readOne(await write(source, { caption: words(text) }), '-charset', 'iptc=Latin');
  }

  test('in another character set stays in it', async () => {
    const latin = ['-charset', 'iptc=Latin', '-IPTC:City=Zürich', '-IPTC:Caption-Abstract=Züge'];
    expect(await after('Schöne Boote', ...latin)).toMatchObject({
      'IPTC:City': 'Zürich',
      'XMP-dc:Description': 'Schöne Boote',
    });
    expect(await after('Schöne Boote', ...latin)).not.toHaveProperty('IPTC:Caption-Abstract');
    expect(await after('Boats', ...latin)).toMatchObject({
      'IPTC:City': 'Zürich',
      'IPTC:Caption-Abstract': 'Boats',
    });
  });

  test('in UTF-8 that says so nowhere says so now', async () => {
    const undeclared = ['-charset', 'iptc=UTF8', '-IPTC:City=Zürich'];
    expect(await after('Schöne Boote', ...undeclared)).toMatchObject({
      'IPTC:CodedCharacterSet': 'UTF8',
      'IPTC:City': 'Zürich',
      'IPTC:Caption-Abstract': 'Schöne Boote',
    });
  });

  test('holds 2000 bytes, and no half of a character', async () => {
    const long = `${'x'.repeat(1990)}äöü👩‍👩‍👧‍👦 and more`;
    const said = await after(long);
    expect(said['XMP-dc:Description']).toBe(long);
    expect(said['IFD0:ImageDescription']).toBe(long);
    expect(said['IPTC:Caption-Abstract']).toBe(`${'x'.repeat(1990)}äöü`);
  });
});

test('other places that say a caption already say the new one', async () => {
  const folder = temporaryFolder();
  const png = await putPicture(folder, 'photo.png');
  exiftool('-overwrite_original', '-PNG:Description=old', '-XMP-tiff:ImageDescription=old', png);
  const said = readOne(await write(png, { caption: words('neu: ä') }));
  expect(said).toMatchObject({
    'PNG:Description': 'neu: ä',
    'XMP-tiff:ImageDescription': 'neu: ä',
  });
  expect(Object.values(said)).not.toContain('old');
});

describe('a machine’s text', () => {
  const machine = { caption: words('a boat', 'starter@12ab'), alt: words('Boat', 'other@34cd') };
  const sidecar = () => join(temporaryFolder(), 'photo.jpg.xmp');

  test('is marked by its model and a digest of the text', async () => {
    const target = await write(null, machine, sidecar());
    expect(readOne(target)).toMatchObject({
      'XMP-photoshop:CaptionWriter': 'Medley (starter@12ab)',
      'XMP-medley:CaptionModel': 'starter@12ab',
      // printf 'a boat' | sha256sum
      'XMP-medley:CaptionDigest': '1cb78dba07d74a7bd0991ee37f386d08',
      'XMP-medley:AltTextModel': 'other@34cd',
    });
  });

  test('is not marked where a person does not want it', async () => {
    const target = await write(null, machine, sidecar(), false);
    expect(readFileSync(target, 'utf8')).not.toMatch(/medley|CaptionWriter/i);
  });

  test('loses its mark to a person’s', async () => {
    const marked = await write(null, machine, sidecar());
    const target = await write(marked, { caption: words('My boat') });
    const said = readOne(target);
    expect(said).not.toHaveProperty('XMP-medley:CaptionModel');
    expect(said).not.toHaveProperty('XMP-photoshop:CaptionWriter');
    expect(said).toMatchObject({ 'XMP-medley:AltTextModel': 'other@34cd' });
  });

  test('leaves the name of the person who wrote captions', async () => {
    const source = sidecar();
    exiftool('-XMP-photoshop:CaptionWriter=Anna', source);
    expect(readOne(await write(source, machine))).toMatchObject({
      'XMP-photoshop:CaptionWriter': 'Anna',
      'XMP-medley:CaptionModel': 'starter@12ab',
    });
  });
});

test('a file that holds no texts is refused', async () => {
  const source = join(temporaryFolder(), 'photo.gif');
  writeFileSync(source, readFileSync('tests/fixtures/preprocess/animated.gif'));
  await expect(write(source, texts)).rejects.toMatchObject({ code: 'image-unsupported' });
});

test('names with line breaks or codes of exiftool are no hindrance', async () => {
  const folder = join(temporaryFolder(), 'a\nb, 100%done %f');
  mkdirSync(folder);
  const source = await putPicture(folder, 'c\nd %d.jpg');
  const target = await write(source, texts, join(folder, '.copy.tmp'));
  expect(exiftool('-s3', '-XMP-iptcCore:AltTextAccessibility', target).trim()).toBe(
    texts.alt?.text,
  );
});

/** A text as exiftool prints it in JSON, where one that is no more than a truth value becomes one. */
function asPrinted(text: string | null): string | null {
  return text !== null && /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
}

test('any text comes back from every field', async () => {
  const folder = temporaryFolder();
  const source = await putPicture(folder, 'photo.jpg');
  const odd = fc.constantFrom(
    '\n',
    '\r\n',
    '\t',
    '&amp;',
    '<b>',
    "'",
    '"',
    '#',
    '😀',
    '\u200f',
    'ע',
    '\u0001',
    '\ud800',
    ']]>',
    '&#10;',
    '12.50',
    'True',
    '  ',
    '\\',
    '$',
    '\u2028',
  );
  const text = fc.array(fc.oneof(odd, fc.string({ unit: 'binary' }), fc.string()), {
    maxLength: 12,
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 12, maxLength: 16 }), async (parts) => {
      run += 1;
      const all = parts.map((part) => part.join(''));
      const targets: string[] = [];
      for (const [i, each] of all.entries()) {
        const written = { caption: words(each), alt: words(each), extended: words(each) };
        targets.push(await write(source, written, join(folder, `${run}-${i}.tmp`)));
      }
      for (const [i, said] of readAll(targets).entries()) {
        const expected = asPrinted(writableText(all[i])) ?? undefined;
        const cut = expected === undefined ? undefined : cutToBytes(expected, 2000);
        const found = [
          said['XMP-dc:Description'],
          said['IFD0:ImageDescription'],
          said['XMP-iptcCore:AltTextAccessibility'],
          said['XMP-iptcCore:ExtDescrAccessibility'],
          said['IPTC:Caption-Abstract'],
        ];
        expect(found).toEqual([expected, expected, expected, expected, cut]);
      }
    }),
    { numRuns: 3 },
  );
});

const onSmallDisk = smallDisk();
test.skipIf(onSmallDisk === null)('a full disk is told of', async () => {
  const photo = await putPicture(temporaryFolder(), 'photo.png');
  const script = join(import.meta.dirname, 'full-disk-process.ts');
  const run = onSmallDisk?.(4096, (disk) => [script, photo, disk]);
  expect(run?.stderr).toBe('');
  expect(JSON.parse(run?.stdout ?? '')).toEqual({ code: 'disk-full', left: [] });
});
