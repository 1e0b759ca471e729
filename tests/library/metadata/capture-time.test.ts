import { expect, test } from 'vitest';
import { parse, parseBeside } from './said-photo.ts';

const original = 'ExifIFD:DateTimeOriginal';

test('the original goes before its scan, that before GPS and the name, and these before the writing', () => {
  const dates: [tag: string, value: string, text: string][] = [
    ['IPTC:DateCreated', '1974:07:09', '1974-07-09'],
    ['ExifIFD:CreateDate', '2015:10:11 13:40:12', '2015-10-11T13:40:12'],
    ['GPS:GPSDateStamp', '2018:03:04', '2018-03-04'],
    ['IFD0:ModifyDate', '2021:01:01 10:00:00', '2021-01-01T10:00:00'],
  ];
  const from = (first: number) =>
    Object.fromEntries(dates.slice(first).map(([tag, value]) => [tag, value]));
  for (const [first, [source, , text]] of dates.entries()) {
    expect(parse(from(first)).taken).toMatchObject({ text, source });
  }
  expect(parse(from(3), '/photos/IMG_20190102_030405.jpg').taken).toMatchObject({
    text: '2019-01-02T03:04:05',
    source: 'FileName',
  });
  expect(parse({}).taken).toBeNull();
});

test('a more precise field completes one that it agrees with, and no other', () => {
  const year = { 'XMP-photoshop:DateCreated': 1978 };
  expect(parse({ ...year, 'IPTC:DateCreated': '1978:05:06' }).taken).toMatchObject({
    text: '1978-05-06',
    source: 'IPTC:DateCreated',
  });
  expect(parse({ ...year, 'IPTC:DateCreated': '1979:05:06' }).taken?.text).toBe('1978');
  // What had to be filled in for Exif, which knows no years.
  expect(parse({ ...year, [original]: '1978:01:01 00:00:00' }).taken?.text).toBe('1978');
});

test('times of day that stand apart are read with their dates', () => {
  expect(
    parse({ 'IPTC:DateCreated': '2001:02:03', 'IPTC:TimeCreated': '04:05:06+01:00' }).taken,
  ).toMatchObject({ text: '2001-02-03T04:05:06', seconds: Date.UTC(2001, 1, 3, 4, 5, 6) / 1000 });
});

test('GPS and Takeout are UTC, and local where the photo names its zone', () => {
  const gps = { 'GPS:GPSDateStamp': '2018:03:04', 'GPS:GPSTimeStamp': '23:30:00' };
  expect(parse(gps).taken?.text).toBe('2018-03-04T23:30:00');
  const zone = { 'ExifIFD:OffsetTime': '+09:00' };
  expect(parse({ ...gps, ...zone }).taken?.text).toBe('2018-03-05T08:30:00');
  const takeout = { 'Takeout:photoTakenTime': 1463565600 };
  expect(parseBeside({}, { takeout }).taken).toEqual({
    text: '2016-05-18T10:00:00',
    seconds: 1463565600,
    source: 'Takeout:photoTakenTime',
  });
  expect(parseBeside(zone, { takeout }).taken?.text).toBe('2016-05-18T19:00:00');
  expect(parseBeside({ [original]: '2015:01:01 10:00:00' }, { takeout }).taken?.text).toBe(
    '2015-01-01T10:00:00',
  );
});

test('a person’s date in a sidecar counts, and a copy there loses nothing', () => {
  const sidecar = (value: string) => ({ 'XMP-exif:DateTimeOriginal': value });
  const embedded = { [original]: '2020:01:02 03:04:05' };
  expect(parseBeside(embedded, { sidecar: sidecar('1999:12:31 10:00:00') }).taken?.text).toBe(
    '1999-12-31T10:00:00',
  );
  expect(parseBeside(embedded, { sidecar: sidecar('2020:01:02') }).taken?.text).toBe(
    '2020-01-02T03:04:05',
  );
});

test('a clock that was never set tells nothing', () => {
  expect(parse({ [original]: '1970:01:01 00:00:00' }).taken).toBeNull();
  expect(parse({ [original]: '1980:01:01 00:00:00', 'IFD0:Make': 'Kodak' }).taken).toBeNull();
  // Who dates a scan may mean that day.
  expect(parse({ [original]: '1980:01:01 00:00:00' }).taken?.text).toBe('1980-01-01');
  expect(parse({ [original]: '2999:01:01 10:00:00' }).taken).toBeNull();
  expect(parse({ [original]: '1700:01:01 10:00:00' }).taken).toBeNull();
});
