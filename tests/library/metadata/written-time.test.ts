import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canBeTaken, firstSecond, parseWrittenTime } from '#main/library/metadata/written-time.ts';

const written: [value: string, text: string | null][] = [
  ['2020:01:02 03:04:05', '2020-01-02T03:04:05'],
  ['2020:01:02 03:04:05.67+08:00', '2020-01-02T03:04:05'],
  ['2020-01-02T03:04:05Z', '2020-01-02T03:04:05'],
  ['2011/06/05 12:30:15', '2011-06-05T12:30:15'],
  ['2011.06.05 12:30:15', '2011-06-05T12:30:15'],
  ['2011-06-05 12-30-15', '2011-06-05T12:30:15'],
  ['2011:06:05 12.30.15', '2011-06-05T12:30:15'],
  ['2011:6:5 1:02:03', '2011-06-05T01:02:03'],
  ['2011:06:05 12:30', '2011-06-05T12:30:00'],
  ['20110605', '2011-06-05'],
  ['20110605T123015', '2011-06-05T12:30:15'],
  ['20110605123015', '2011-06-05T12:30:15'],
  ['2011:06:05 01:02:03 PM', '2011-06-05T13:02:03'],
  ['2011:06:05 12:02:03 am', '2011-06-05T00:02:03'],
  ['2015:08:22 24:08:19', '2015-08-22T00:08:19'],
  ['2019:01:01 24:04:20', '2019-01-01T00:04:20'],
  ['2016:12:31 23:59:60', '2016-12-31T23:59:59'],
  ['2020:01:02 03:04:05\0', '2020-01-02T03:04:05'],
  ['1978', '1978'],
  ['1978-05', '1978-05'],
  ['1978:05:00', '1978-05'],
  ['1993:00:00 12:00:00', '1993'],
  ['1993:08:     :  :  ', '1993-08'],
  ['1993:??:?? ??:??:??', '1993'],
  ['1964:00:00', '1964'],
  ['1958:07:09 00:00:00', '1958-07-09'],
  ['1958-07-09T00:00:00+01:00', '1958-07-09'],
  ['2011:06:05   :  :  ', '2011-06-05'],
  ['2011:06:05 99:99:99', '2011-06-05'],
  ['0000:00:00 00:00:00', null],
  ['    :  :     :  :  ', null],
  ['2021:02:30 10:00:00', null],
  ['2011:13:05 10:00:00', null],
  ['2019-02-29', null],
  ['yesterday', null],
  ['12345', null],
  ['', null],
];

test.each(written)('%j is %j', (value, text) => {
  expect(parseWrittenTime(value)).toBe(text);
});

test('every moment is read as it was written', () => {
  const moment = fc.date({
    min: new Date('1826-01-01T00:00:01Z'),
    max: new Date('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, fc.constantFrom(':', '-', '/', '.'), (date, mark) => {
      const iso = date.toISOString().slice(0, 19);
      const exif = `${iso.slice(0, 10).replaceAll('-', mark)} ${iso.slice(11)}`;
      const expected = iso.endsWith('T00:00:00') ? iso.slice(0, 10) : iso;
      expect(parseWrittenTime(exif)).toBe(expected);
      expect(firstSecond(expected)).toBe(Date.parse(`${iso}Z`) / 1000);
    }),
  );
});

test('whatever is written gives a real date or none', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789:-/. T') });
  fc.assert(
    fc.property(fc.oneof(digits, fc.string()), (value) => {
      const text = parseWrittenTime(value);
      if (text !== null) expect(firstSecond(text)).not.toBeNaN();
    }),
  );
});

test('a photo is of no time before photography, and of none to come', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(canBeTaken('1825', now)).toBe(false);
  expect(canBeTaken('1826', now)).toBe(true);
  expect(canBeTaken('2026-01-01T20:00:00', now)).toBe(true);
  expect(canBeTaken('2026-01-03', now)).toBe(false);
});
