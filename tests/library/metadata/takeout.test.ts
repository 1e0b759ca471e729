import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTakeout } from '#main/library/metadata/takeout.ts';

const least = { title: 'IMG_1.jpg', photoTakenTime: { timestamp: '1463565600' } };

test('all that is used of a photo is read', () => {
  const whole = {
    ...least,
    description: 'It&#39;s &lt;here&gt; &amp;amp; there',
    geoData: { latitude: 47.5, longitude: 8.5, altitude: 1 },
    geoDataExif: { latitude: 1, longitude: 2 },
    people: [{ name: 'Ann' }, { name: 'Bo' }],
    imageViews: '3',
  };
  expect(parseTakeout(`\ufeff${JSON.stringify(whole)}`)).toEqual({
    'Takeout:title': 'IMG_1.jpg',
    'Takeout:photoTakenTime': 1463565600,
    'Takeout:description': "It's <here> &amp; there",
    'Takeout:geoData': [47.5, 8.5],
    'Takeout:geoDataExif': [1, 2],
    'Takeout:people': ['Ann', 'Bo'],
  });
});

test('a part that is not as it should be is left', () => {
  const odd = { ...least, description: 5, geoData: 'here', people: [{}] };
  expect(parseTakeout(JSON.stringify(odd))).toEqual({
    'Takeout:title': 'IMG_1.jpg',
    'Takeout:photoTakenTime': 1463565600,
  });
});

test('JSON of another kind is not of Takeout, and what is no JSON is refused', () => {
  for (const other of ['{}', '[]', '1', 'null', '{"title":"Album"}', '{"photoTakenTime":{}}']) {
    expect(parseTakeout(other)).toBeNull();
  }
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseTakeout(text)).toBeNull();
    }),
  );
  expect(() => parseTakeout('{"title":')).toThrow(SyntaxError);
});
