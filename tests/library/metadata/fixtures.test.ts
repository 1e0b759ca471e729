import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { parseMetadata } from '#main/library/metadata/photo-metadata.ts';
import { damageTag, readSaid, type Attached } from '#main/library/metadata/said.ts';
import { temporaryFolder } from '../pictures.ts';
import { photoFile } from './said-photo.ts';

const folder = join(import.meta.dirname, '../../fixtures/metadata');
const reader = new MetadataReader();
afterAll(() => reader.close());

async function read(file: string, attached: Partial<Record<Attached['role'], string>> = {}) {
  const path = join(folder, file);
  const beside = (['sidecar', 'takeout'] as const).flatMap((role) => {
    const name = attached[role];
    return name === undefined ? [] : [{ role, path: join(path, '..', name) }];
  });
  const said = await readSaid(reader, photoFile(path), beside);
  if (said === null) throw new Error('exiftool is there');
  return parseMetadata(said, path);
}

const dates: Record<string, readonly [text: string, source: string]> = {
  'hours/midnight.jpg': ['2015-08-22T00:08:19', 'ExifIFD:DateTimeOriginal'],
  'hours/offset0000.jpg': ['2025-01-14T18:31:30', 'ExifIFD:DateTimeOriginal'],
  'hours/sec60.jpg': ['2016-12-31T23:59:59', 'ExifIFD:DateTimeOriginal'],
  'hours/slashes.jpg': ['2011-06-05T12:30:15', 'ExifIFD:DateTimeOriginal'],
  'sources-of-dates/IMG-20170809-WA0007.jpg': ['2017-08-09', 'FileName'],
  'sources-of-dates/IMG_20190102_030405.jpg': ['2019-01-02T03:04:05', 'FileName'],
  'sources-of-dates/gpsdate.jpg': ['2018-03-04T10:11:12', 'GPS:GPSDateStamp'],
  'sources-of-dates/iptcdigital.jpg': ['2003-03-03T03:03:03', 'IPTC:DigitalCreationDate'],
  'sources-of-dates/onlydt.jpg': ['2007-06-16T14:20:00', 'IFD0:ModifyDate'],
  'sources-of-dates/xmpcreate.jpg': ['2012-02-03T04:05:06', 'XMP-xmp:CreateDate'],
  'sources-of-dates/zero-then-dt.jpg': ['2004-04-04T04:04:04', 'IFD0:ModifyDate'],
  'partial-dates/exif-blank-day.jpg': ['1993-08', 'ExifIFD:DateTimeOriginal'],
  'partial-dates/exif-dateonly.jpg': ['1958-07-09', 'ExifIFD:DateTimeOriginal'],
  'partial-dates/exif-zero-month.jpg': ['1993', 'ExifIFD:DateTimeOriginal'],
  'partial-dates/iptc-year.jpg': ['1964', 'IPTC:DateCreated'],
  'partial-dates/xmp-month.jpg': ['1978-05', 'XMP-photoshop:DateCreated'],
  'partial-dates/xmp-year.jpg': ['1978', 'XMP-photoshop:DateCreated'],
  'scans/scan.jpg': ['1974-07-09T00:00:17', 'XMP-photoshop:DateCreated'],
  'scans/scan2.jpg': ['1961-07-09', 'IPTC:DateCreated'],
  'fields/png-text.png': ['2013-04-05T06:07:08', 'PNG:CreationTime'],
};

test.each(Object.entries(dates))('the date of %s', async (file, [text, source]) => {
  expect((await read(file)).taken).toMatchObject({ text, source });
});

const places = {
  'places/both-normal.jpg': { latitude: -33.5, longitude: -70.25 },
  'places/equator0lon.jpg': { latitude: 51.4778, longitude: 0 },
  'places/noref.jpg': null,
  'places/xmp-only.jpg': { latitude: 52.5, longitude: -13.25 },
  'places/xmp-sepref.jpg': { latitude: -33.5, longitude: -70.25 },
};

test.each(Object.entries(places))('the place of %s', async (file, place) => {
  const { location, notices } = await read(file);
  expect(location).toEqual(place);
  expect(notices).toHaveLength(place === null ? 1 : 0);
});

describe('what a camera or program wrote is no caption:', () => {
  const names = ['02', '05', '08', '11', '14', '17', '20', '23', '26', '29'];
  test.each(names)('d%s.jpg', async (name) => {
    const path = join(folder, `camera-words/d${name}.jpg`);
    const said = await readSaid(reader, photoFile(path), []);
    expect(said?.[0].tags).toHaveProperty(['IFD0:ImageDescription']);
    expect((await read(`camera-words/d${name}.jpg`)).captions).toEqual([]);
  });
});

const pier = ['XMP-dc:Description', 'Boat at the pier'];
const captions: Record<string, readonly (readonly string[])[]> = {
  'languages/alttext-en.jpg': [['XMP-iptcCore:AltTextAccessibility', 'A heron by the lake']],
  'languages/bag.jpg': [['XMP-dc:Description', 'In a bag']],
  'languages/default-fr.jpg': [pier],
  'languages/en-de-no-default.jpg': [['XMP-dc:Description', 'Grandad mending the gate']],
  'languages/nolang.jpg': [['XMP-dc:Description', 'No language at all']],
  'languages/plain.jpg': [['XMP-dc:Description', 'Plain text, no list']],
  'character-sets/declared-utf8-but-latin1.jpg': [
    ['IPTC:Caption-Abstract', 'Müller am Heinrichshütte-Tor'],
  ],
  'character-sets/exif-sjis.jpg': [['EXIF:ImageDescription', '桜の木']],
  'character-sets/utf8-truncated-at-32.jpg': [['IPTC:Caption-Abstract', 'é'.repeat(31)]],
  'fields/acdsee.jpg': [
    ['XMP-acdsee:Caption', 'Sledging on the hill'],
    ['XMP-acdsee:Notes', 'Cold day'],
  ],
  'fields/explorer-xp.jpg': [
    ['EXIF:XPComment', 'With the whole family'],
    ['EXIF:XPTitle', 'Picnic by the river'],
    ['EXIF:XPSubject', 'Summer'],
  ],
  'fields/gif-comment.gif': [['File:Comment', 'Snow day']],
  'fields/gif-xmp.gif': [
    ['XMP-dc:Description', 'Snowman in the yard'],
    ['File:Comment', 'Snow day'],
  ],
  'fields/iptc-headline.jpg': [
    ['IPTC:Headline', 'Fire engine in the parade'],
    ['IPTC:ObjectName', 'Parade'],
  ],
  'fields/jpeg-com.jpg': [['File:Comment', 'Our first house, spring']],
  'fields/png-text.png': [
    ['PNG:Description', 'Kites over the beach'],
    ['PNG:Title', 'Kites'],
  ],
  'fields/png-xmp-after-idat.png': [pier],
  'fields/png-xmp-before-idat.png': [pier],
  'fields/usercomment-ascii.jpg': [['EXIF:UserComment', 'Grandma feeding the ducks']],
  'fields/usercomment-unicode.jpg': [['EXIF:UserComment', 'Oma füttert die Enten 鴨']],
  'fields/webp-xmp.webp': [pier],
  'fields/xmp-title.jpg': [['XMP-dc:Title', 'Wedding of Ann and Bo']],
};

test.each(Object.entries(captions))('the captions of %s', async (file, expected) => {
  const found = await read(file);
  expect(found.captions.map(({ field, text }) => [field, text])).toEqual(expected);
  expect(found.notices).toEqual([]);
});

const keywords = {
  'character-sets/declared-utf8-but-latin1.jpg': ['Bäume', 'Straße'],
  'fields/digikam-tags.jpg': ['Heron'],
  'fields/explorer-xp.jpg': ['picnic', 'river', 'family'],
  'fields/semicolon-kw.jpg': ['beach', 'summer', '2015'],
};

test.each(Object.entries(keywords))('the keywords of %s', async (file, expected) => {
  expect((await read(file)).keywords).toEqual(expected);
});

test('sidecars speak of their photos, in each language', async () => {
  const said = await readSaid(reader, photoFile(join(folder, 'sidecars/a.jpg')), [
    { role: 'sidecar', path: join(folder, 'sidecars/a.xmp') },
  ]);
  expect(said?.at(1)).toEqual({
    source: 'sidecar',
    path: join(folder, 'sidecars/a.xmp'),
    tags: { 'XMP-dc:Description': 'Boat at the pier', 'XMP-dc:Description-fr': 'Bateau au ponton' },
  });
  expect((await read('sidecars/b.jpg', { sidecar: 'b.jpg.xmp' })).captions).toEqual([
    {
      field: 'XMP-dc:Description',
      tag: 'XMP-dc:Description',
      source: 'sidecar',
      path: join(folder, 'sidecars/b.jpg.xmp'),
      text: 'Sidecar of b',
      modelId: null,
    },
  ]);
});

const longName = '123456789123456789123456789123456789_DSCN01';

test.each([
  ['IMG_0001.jpg', 'IMG_0001.jpg.json', 'Rowing on the lake'],
  ['IMG_0002.jpg', 'IMG_0002.jpg.supplemental-metadata.json', 'Cake for tea'],
  ['IMG_0003(1).jpg', 'IMG_0003.jpg.supplemental-metadata(1).json', 'Second of the same name'],
  ['IMG_0004-edited.jpg', 'IMG_0004.jpg.supplemental-metadata.json', 'Edited one'],
  [`${longName}.jpg`, `${longName}.jpg.json`, 'Long name'],
])('Takeout speaks of %s', async (photo, takeout, text) => {
  const found = await read(`takeout/${photo}`, { takeout });
  expect(found.taken).toMatchObject({
    text: '2016-05-18T10:00:00',
    source: 'Takeout:photoTakenTime',
  });
  expect(found.location).toEqual({ latitude: 47.5, longitude: 8.5 });
  expect(found.captions).toMatchObject([{ field: 'Takeout:description', text, source: 'takeout' }]);
});

test('a damaged file beside a photo is told of, and takes nothing from the photo', async () => {
  const beside = temporaryFolder();
  const photo = photoFile(join(folder, 'fields/xmp-title.jpg'));
  const sidecar = readFileSync(join(folder, 'sidecars/a.xmp'));
  const broken: [role: Attached['role'], name: string, bytes: Buffer][] = [
    ['sidecar', 'cut.xmp', sidecar.subarray(0, sidecar.length / 2)],
    ['sidecar', 'empty.xmp', Buffer.alloc(0)],
    ['sidecar', 'text.xmp', Buffer.from('{')],
    ['takeout', 'cut.json', Buffer.from('{"title":')],
  ];
  for (const [role, name, bytes] of broken) {
    const path = join(beside, name);
    writeFileSync(path, bytes);
    const said = await readSaid(reader, photo, [{ role, path }]);
    expect(said?.at(1)?.tags, name).toHaveProperty([damageTag]);
    const found = parseMetadata(said ?? [], photo.path);
    expect(found.captions[0]?.text).toBe('Wedding of Ann and Bo');
    expect(found.notices).toEqual([`${name} beside it is damaged: not all that it says was read.`]);
  }
  const other = join(beside, 'other.json');
  writeFileSync(other, '{"name":"an album"}');
  expect(await readSaid(reader, photo, [{ role: 'takeout', path: other }])).toHaveLength(1);
});
