import { expect, test } from 'vitest';
import { parse, parseBeside } from './said-photo.ts';

const texts = (tags: Parameters<typeof parse>[0], path?: string) =>
  parse(tags, path).captions.map(({ field, text }) => [field, text]);

test('of several languages the default is read, else English, else the first', () => {
  const german = { 'XMP-dc:Title-de': 'Boot' };
  const english = { 'XMP-dc:Title-en-US': 'Boat' };
  expect(texts({ ...german, ...english, 'XMP-dc:Title': 'Bateau' })).toEqual([
    ['XMP-dc:Title', 'Bateau'],
  ]);
  expect(texts({ ...german, ...english })).toEqual([['XMP-dc:Title', 'Boat']]);
  expect(parse({ ...german, 'XMP-dc:Title-fr': 'Bateau' }).captions).toMatchObject([
    { field: 'XMP-dc:Title', tag: 'XMP-dc:Title-de', text: 'Boot' },
  ]);
});

test('a text is a caption once, from the first field that says it', () => {
  expect(
    texts({
      'IFD0:XPTitle': 'Boat',
      'IFD0:ImageDescription': 'Boat',
      'XMP-tiff:ImageDescription': ' Boat ',
      'XMP-exif:UserComment': 'By the pier',
    }),
  ).toEqual([
    ['EXIF:ImageDescription', 'Boat'],
    ['XMP-exif:UserComment', 'By the pier'],
  ]);
});

test('the file’s own name and its camera’s are no captions', () => {
  const tags = {
    'XMP-dc:Title': 'Ann and Bo',
    'IPTC:ObjectName': 'ann and bo.JPG',
    'IFD0:ImageDescription': 'Pocket 7',
    'IFD0:Model': 'Pocket 7',
  };
  expect(texts(tags, '/photos/Ann and Bo.jpg')).toEqual([]);
});

test('the sidecar speaks first, Takeout last, and all are kept', () => {
  const found = parseBeside(
    { 'XMP-dc:Description': 'Embedded' },
    {
      sidecar: { 'XMP-dc:Description': 'Beside' },
      takeout: { 'Takeout:title': 'IMG_1.jpg', 'Takeout:description': 'At Google' },
    },
  );
  expect(found.captions.map(({ text, source, path }) => [text, source, path])).toEqual([
    ['Beside', 'sidecar', '/photos/photo.xmp'],
    ['Embedded', 'embedded', null],
    ['At Google', 'takeout', '/photos/photo.jpg.json'],
  ]);
});

test('a text in doubt is told of by its field, and so is a damaged sidecar', () => {
  const doubtful = {
    'IPTC:Caption-Abstract': `base64:${Buffer.from('d3a3bba8', 'hex').toString('base64')}`,
  };
  expect(parse(doubtful).notices).toEqual([
    'The text of IPTC:Caption-Abstract is in an unknown character set.',
  ]);
  const sidecar = { 'ExifTool:Error': 'File is empty' };
  expect(parseBeside({}, { sidecar }).notices).toEqual([
    'photo.xmp beside it is damaged: not all that it says was read.',
  ]);
});

test('a text for two purposes is told for each', () => {
  expect(
    texts({ 'XMP-dc:Description': 'A boat', 'XMP-iptcCore:AltTextAccessibility': 'A boat' }),
  ).toEqual([
    ['XMP-dc:Description', 'A boat'],
    ['XMP-iptcCore:AltTextAccessibility', 'A boat'],
  ]);
});

test('the beginning that IPTC has room for is no other caption', () => {
  const long = 'A boat at the pier. '.repeat(150).trim();
  const cut = long.slice(0, 1999).trim();
  expect(texts({ 'XMP-dc:Description': long, 'IPTC:Caption-Abstract': cut })).toEqual([
    ['XMP-dc:Description', long],
  ]);
  expect(texts({ 'XMP-dc:Description': long, 'IPTC:Caption-Abstract': 'A boat' })).toHaveLength(2);
});

test('a text that is marked has the model that wrote it, and no other text has', () => {
  const mark = {
    'XMP-medley:CaptionModel': 'starter@12ab',
    // printf 'a boat' | sha256sum
    'XMP-medley:CaptionDigest': '1cb78dba07d74a7bd0991ee37f386d08',
  };
  const modelOf = (tags: Parameters<typeof parse>[0]) =>
    parse({ ...mark, ...tags }).captions[0].modelId;
  expect(modelOf({ 'XMP-dc:Description': 'a  boat\n' })).toBe('starter@12ab');
  expect(modelOf({ 'IPTC:Caption-Abstract': 'a boat' })).toBe('starter@12ab');
  expect(modelOf({ 'XMP-dc:Description': 'a boat at the pier' })).toBeNull();
  expect(modelOf({ 'XMP-iptcCore:AltTextAccessibility': 'a boat' })).toBeNull();
});
