import { describe, expect, it } from 'vitest';
import { captionSource, originOf } from '../../src/renderer/src/format/caption-origin.ts';
import { dayOf, monthOf, takenInFull } from '../../src/renderer/src/format/dates.ts';
import { nameOfPath } from '../../src/renderer/src/format/file-names.ts';
import {
  bytes,
  counted,
  duration,
  hexColour,
  millions,
  percent,
  rate,
} from '../../src/renderer/src/format/quantity.ts';
import { takenSourceWords } from '../../src/renderer/src/format/taken-source.ts';
import { likenessOf, verdictOf } from '../../src/renderer/src/format/verdict.ts';

describe('quantities in words', () => {
  it.each([
    [0, 'less than a minute'],
    [49, 'less than a minute'],
    [61, 'about 1 minute'],
    [420, 'about 7 minutes'],
    [3600, 'about 1 hour'],
    [7860, 'about 2 h 10 min'],
    [7170, 'about 2 hours'],
    [86_400, 'about 24 hours'],
  ])('%i seconds left: %s', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1500, '1.5 kB'],
    [999_900, '1 MB'],
    [49_300_000, '49.3 MB'],
    [2_500_000_000_000_000, '2,500 TB'],
  ])('%i bytes: %s', (size, words) => {
    expect(bytes(size)).toBe(words);
  });

  it('counts things', () => {
    expect(counted(1, 'photo')).toBe('1 photo');
    expect(counted(0, 'photo')).toBe('0 photos');
    expect(counted(12_345, 'photo')).toBe('12,345 photos');
  });

  it('writes rates, shares, parameters and colours', () => {
    expect(rate(11.3)).toBe('11 a second');
    expect(rate(0.52)).toBe('0.5 a second');
    expect(percent(0.874)).toBe('87\u00a0%');
    expect(millions(24_640_000)).toBe('24.6 million');
    expect(hexColour(0x00ff07)).toBe('#00ff07');
  });
});

describe('dates', () => {
  it('shows the camera’s own clock', () => {
    const late = takenInFull({ text: '2024-03-03T23:59:10', precision: 'time' });
    expect(late).toContain('Sunday');
    expect(late).toContain('3 March 2024');
    expect(late).toContain('23:59');
    expect(takenInFull({ text: 'some day', precision: 'time' })).toBe('some day');
    expect(monthOf(0)).toBe('January 1970');
  });

  it.each([
    ['1978', 'year', '1978'],
    ['1978-05', 'month', 'May 1978'],
    ['1978-05-06', 'day', '6 May 1978'],
  ] as const)('says of %s no more than is known', (text, precision, words) => {
    expect(takenInFull({ text, precision })).toBe(words);
    expect(dayOf(Date.parse(text) / 1000, precision)).toBe(words);
  });

  it('do not show the time of a file as that of a photo', () => {
    expect(dayOf(0, null)).toBe('No date');
    expect(dayOf(0, 'time')).toBe('1 January 1970');
  });

  it.each([
    ['ExifIFD:DateTimeOriginal', 'from the camera (EXIF DateTimeOriginal)'],
    ['XMP-exif:DateTimeOriginal', 'from the camera (XMP-exif DateTimeOriginal)'],
    ['ExifIFD:CreateDate', 'when the picture was digitised (EXIF CreateDate)'],
    ['IFD0:ModifyDate', 'when the picture was last changed (EXIF ModifyDate)'],
    ['GPS:GPSDateStamp', 'from the GPS receiver (GPS GPSDateStamp)'],
    ['IPTC:DateCreated', 'as an image editor or archive wrote it (IPTC DateCreated)'],
    ['PNG:CreationTime', 'from the file (PNG CreationTime)'],
    ['Takeout:photoTakenTime', 'from Google Takeout'],
    ['FileName', 'from the file name'],
    ['', 'from the file'],
  ])('from %s say: %s', (source, words) => {
    expect(takenSourceWords({ source })).toBe(words);
  });
});

describe('paths', () => {
  it.each([
    ['/home/ann/Pictures', 'Pictures'],
    ['/home/ann/Pictures/', 'Pictures'],
    ['C:\\Users\\Ann\\quay.jpg', 'quay.jpg'],
    ['/', '/'],
  ])('%s is called %s', (path, name) => {
    expect(nameOfPath(path)).toBe(name);
  });
});

describe('verdicts', () => {
  it('say words first', () => {
    expect([1, 0.5, 0.49, 0.25, 0.24, 0].map((itm) => verdictOf(itm).word)).toEqual([
      'fits',
      'fits',
      'doubtful',
      'doubtful',
      'does not fit',
      'does not fit',
    ]);
    expect([0.95, 0.75, 0.55, 0.1].map(likenessOf)).toEqual([
      'nearly the same',
      'much alike',
      'somewhat alike',
      'not much alike',
    ]);
  });

  it('never say that a photo fits which the search has below its line', () => {
    expect([1, 0.8, 0.79, 0.3, 0.1].map((itm) => verdictOf(itm, 0.8).word)).toEqual([
      'fits',
      'fits',
      'doubtful',
      'doubtful',
      'does not fit',
    ]);
    expect(verdictOf(0.2, 0.15).word).toBe('fits');
  });

  it('name who wrote a caption', () => {
    expect(originOf({ origin: 'machine', confirmed: false })).toBe('by the model');
    expect(originOf({ origin: 'machine', confirmed: true })).toBe('by the model, confirmed');
    expect(originOf({ origin: 'imported', confirmed: false })).toBe('from the file');
    expect(originOf({ origin: 'person', confirmed: true })).toBe('written by you');
  });

  it('name the field of a caption, and the file beside the photo that has it', () => {
    const field = 'XMP-dc:Description';
    expect(captionSource({ field, file: null })).toBe(field);
    expect(captionSource({ field, file: '/p/quay.jpg.xmp' })).toBe(`${field} in quay.jpg.xmp`);
    expect(captionSource({ field: null, file: null })).toBeNull();
  });
});
