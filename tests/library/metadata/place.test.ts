import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDegrees } from '#main/library/metadata/place.ts';
import { parse, parseBeside } from './said-photo.ts';

function exif(latitude: number, longitude: number, north = 'N', east = 'E') {
  return {
    'GPS:GPSLatitude': latitude,
    'GPS:GPSLatitudeRef': north,
    'GPS:GPSLongitude': longitude,
    'GPS:GPSLongitudeRef': east,
  };
}

function xmp(latitude: string | number, longitude: string | number) {
  return { 'XMP-exif:GPSLatitude': latitude, 'XMP-exif:GPSLongitude': longitude };
}

test('Exif has numbers and hemispheres', () => {
  expect(parse(exif(33.5, 70.25, 'S', 'W')).location).toEqual({
    latitude: -33.5,
    longitude: -70.25,
  });
  expect(parse(exif(33.5, 70.25, 'South', 'w')).location).toEqual({
    latitude: -33.5,
    longitude: -70.25,
  });
  expect(parse(exif(33.5, 70.25, '', '')).location).toBeNull();
  expect(parse({ 'GPS:GPSLatitude': 33.5, 'GPS:GPSLongitude': 0 }).notices).toHaveLength(1);
});

test('zero is a place but where both are', () => {
  expect(parse(exif(0, 3)).location).toEqual({ latitude: 0, longitude: 3 });
  expect(parse(exif(51, 0, 'N', '')).location).toEqual({ latitude: 51, longitude: 0 });
  expect(parse(exif(0, 0)).location).toBeNull();
  expect(parse(exif(0, 0)).notices).toEqual([]);
});

test('what is not on Earth is no place', () => {
  expect(parse(exif(91, 3)).location).toBeNull();
  expect(parse(exif(3, 181)).location).toBeNull();
  expect(parse(xmp(1, Number.NaN)).location).toBeNull();
});

test('XMP has signs, letters in the value, or beside it', () => {
  const place = { latitude: -33.5, longitude: -70.25 };
  expect(parse(xmp(-33.5, -70.25)).location).toEqual(place);
  expect(parse(xmp('33,30.0S', '70,15,0W')).location).toEqual(place);
  const beside = { 'XMP-exif:GPSLatitudeRef': 'S', 'XMP-exif:GPSLongitudeRef': 'W' };
  expect(parse({ ...xmp(33.5, 70.25), ...beside }).location).toEqual(place);
  expect(parse({ ...xmp(-33.5, -70.25), ...beside }).location).toEqual(place);
});

test('the sidecar is believed first, then the photo, then Takeout', () => {
  const takeout = { 'Takeout:geoData': [0, 0], 'Takeout:geoDataExif': [1, 2] };
  const sidecar = xmp(5, 6);
  expect(parseBeside(exif(3, 4), { sidecar, takeout }).location?.latitude).toBe(5);
  expect(parseBeside(exif(3, 4), { takeout }).location?.latitude).toBe(3);
  expect(parseBeside({}, { takeout }).location).toEqual({ latitude: 1, longitude: 2 });
});

test.each([
  ['52,30.5N', 52 + 30.5 / 60],
  ['52,30,30N', 52 + 30.5 / 60],
  ['52,30.5S', -(52 + 30.5 / 60)],
  ['-33.5', -33.5],
  ['33.5', 33.5],
  ['S 33.5', -33.5],
  ['33.5 w', -33.5],
  ['52° 30\' 30" N', 52 + 30.5 / 60],
  ['52°30.5′W', -(52 + 30.5 / 60)],
  ['52,75N', null],
  ['north', null],
  ['', null],
])('%j in degrees', (text, degrees) => {
  if (degrees === null) expect(parseDegrees(text)).toBeNull();
  else expect(parseDegrees(text)).toBeCloseTo(degrees, 9);
});

test('every position that XMP can hold is read', () => {
  const degrees = fc.integer({ min: 0, max: 179 });
  const minutes = fc.integer({ min: 0, max: 59_999_999 }).map((each) => each / 1e6);
  fc.assert(
    fc.property(degrees, minutes, fc.constantFrom('N', 'S', 'E', 'W'), (whole, part, letter) => {
      const sign = letter === 'N' || letter === 'E' ? 1 : -1;
      const expected = sign * (whole + part / 60);
      expect(parseDegrees(`${whole},${part.toFixed(6)}${letter}`)).toBeCloseTo(expected, 6);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = parseDegrees(text);
      if (parsed !== null) expect(parsed).not.toBeNaN();
    }),
  );
});
