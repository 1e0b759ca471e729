import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exiftool } from 'exiftool-vendored';
import type { WriteTags } from 'exiftool-vendored';
import { afterAll, describe, expect, test } from 'vitest';
import { parseMetadata } from '#main/library/metadata/photo-metadata.ts';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { readSaid, type Said } from '#main/library/metadata/said.ts';
import { photograph, temporaryFolder } from '../pictures.ts';
import { photoFile } from './said-photo.ts';

const reader = new MetadataReader();
afterAll(async () => {
  await reader.close();
  await exiftool.end();
});

async function withTags(tags: WriteTags | Record<string, unknown>, args: string[] = []) {
  const path = join(temporaryFolder(), 'photo.jpg');
  writeFileSync(path, await photograph(1));
  await exiftool.write(path, tags as WriteTags, { writeArgs: ['-overwrite_original', ...args] });
  return path;
}

/** What a photo says of itself, as the library understands it. */
async function read(path: string) {
  const said = await readSaid(reader, photoFile(path), []);
  if (said === null) throw new Error('exiftool is there');
  return parseMetadata(said, path);
}

/** What the library understands of tags in a photo whose name says nothing. */
function parse(tags: Said['tags']) {
  return parseMetadata([{ source: 'embedded', path: null, tags }], '/photos/photo.jpg');
}

test('everything the photo view shows is read', async () => {
  const path = await withTags({
    'EXIF:DateTimeOriginal': '2021:03:04 05:06:07',
    'EXIF:OffsetTimeOriginal': '+09:00',
    'EXIF:Make': 'Canon',
    'EXIF:Model': 'Canon EOS 5D',
    'EXIF:LensModel': 'EF 35mm f/2',
    'EXIF:FNumber': 2.8,
    'EXIF:ExposureTime': 0.004,
    'EXIF:ISO': 400,
    'EXIF:FocalLength': 35,
    'EXIF:GPSLatitude': 33.5,
    'EXIF:GPSLatitudeRef': 'S',
    'EXIF:GPSLongitude': 70.25,
    'EXIF:GPSLongitudeRef': 'W',
    'XMP-dc:Subject': ['dog', 'grass'],
    'IPTC:Keywords': ['grass', '2019'],
    'XMP-dc:Description': 'A dog on  the grass',
    'IPTC:Caption-Abstract': 'A dog on the grass',
    'EXIF:ImageDescription': 'Rex',
    'XMP-iptcCore:AltTextAccessibility': 'Brown dog lying on a lawn',
  });
  const { location, ...rest } = await read(path);
  const inPhoto = { source: 'embedded', path: null, modelId: null };
  expect(location?.latitude).toBeCloseTo(-33.5, 6);
  expect(location?.longitude).toBeCloseTo(-70.25, 6);
  expect(rest).toEqual({
    taken: {
      text: '2021-03-04T05:06:07',
      seconds: Date.UTC(2021, 2, 4, 5, 6, 7) / 1000,
      source: 'ExifIFD:DateTimeOriginal',
    },
    notices: [],
    camera: 'Canon EOS 5D',
    lens: 'EF 35mm f/2',
    exposure: 'f/2.8 · 1/250 s · ISO 400 · 35 mm',
    keywords: ['dog', 'grass', '2019'],
    captions: [
      {
        field: 'XMP-dc:Description',
        tag: 'XMP-dc:Description',
        ...inPhoto,
        text: 'A dog on the grass',
      },
      { field: 'EXIF:ImageDescription', tag: 'IFD0:ImageDescription', ...inPhoto, text: 'Rex' },
      {
        field: 'XMP-iptcCore:AltTextAccessibility',
        tag: 'XMP-iptcCore:AltTextAccessibility',
        ...inPhoto,
        text: 'Brown dog lying on a lawn',
      },
    ],
  });
});

describe('the character set of IPTC captions', () => {
  const text = 'Café in Łódź’s Straße';
  const captionOf = async (path: string) => (await read(path)).captions[0]?.text;

  test('declared UTF-8', async () => {
    const tags = { 'IPTC:Caption-Abstract': text, 'IPTC:CodedCharacterSet': 'UTF8' };
    expect(await captionOf(await withTags(tags))).toBe(text);
  });

  test('UTF-8 that is not declared', async () => {
    const args = ['-charset', 'iptc=UTF8'];
    expect(await captionOf(await withTags({ 'IPTC:Caption-Abstract': text }, args))).toBe(text);
  });

  test('Latin', async () => {
    const latin = 'Café ’Straße’';
    const args = ['-charset', 'iptc=Latin'];
    expect(await captionOf(await withTags({ 'IPTC:Caption-Abstract': latin }, args))).toBe(latin);
  });
});

test('a photo without metadata and a text give nothing', async () => {
  const folder = temporaryFolder();
  const nothing = parse({});
  writeFileSync(join(folder, 'plain.jpg'), await photograph(2));
  writeFileSync(join(folder, 'text.jpg'), 'no picture');
  for (const name of ['plain.jpg', 'text.jpg']) {
    expect(await read(join(folder, name))).toEqual(nothing);
  }
  expect(nothing.captions).toEqual([]);
});

test('a photo that is gone by the time it is asked says nothing', async () => {
  const photo = photoFile(await withTags({ 'XMP-dc:Description': 'gone' }));
  rmSync(photo.path);
  expect(await readSaid(reader, photo, [])).toEqual([{ source: 'embedded', path: null, tags: {} }]);
});

test('names with line breaks, dashes and emoji are read', async () => {
  const path = await withTags({ 'XMP-dc:Description': 'found' });
  for (const name of ['two\nlines 😀.jpg', '-ver.jpg', '#odd.jpg', '%d.jpg', 'a  b .jpg']) {
    const odd = join(path, '..', name);
    copyFileSync(path, odd);
    expect((await read(odd)).captions[0]?.text, name).toBe('found');
  }
});

test('camera and exposure read as people write them', () => {
  const camera = (make: string, model: string) =>
    parse({ 'IFD0:Make': make, 'IFD0:Model': model }).camera;
  expect(camera('NIKON CORPORATION', 'NIKON D90')).toBe('NIKON D90');
  expect(camera('Apple', 'iPhone 15')).toBe('Apple iPhone 15');
  expect(parse({ 'ExifIFD:ExposureTime': 2, 'ExifIFD:FNumber': 8 }).exposure).toBe('f/8 · 2 s');
  expect(parse({ 'ExifIFD:ISO': 0 }).exposure).toBeNull();
});
