import { describe, expect, test } from 'vitest';
import { decodeBitmap } from '#main/library/foreign/bitmap.ts';

interface Parts {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Behind the header: masks, then palette. */
  readonly extra?: readonly number[];
  readonly pixels: readonly number[];
}

/** A BMP with a header of 40 bytes. */
function bitmap({ width, height, bits, compression = 0, extra = [], pixels }: Parts): Buffer {
  const head = Buffer.alloc(54);
  head.write('BM', 'latin1');
  head.writeUInt32LE(54 + extra.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  head.writeUInt32LE(compression, 30);
  return Buffer.concat([head, Buffer.from([...extra, ...pixels])]);
}

/** The pixels at the end of the file that is made, and its notices. */
function decoded(file: Buffer, count: number) {
  const { bytes, notices } = decodeBitmap(file, 'picture.bmp');
  return { pixels: [...bytes.subarray(bytes.length - count)], notices };
}

// Blue, green, red, nothing: black, red, green, white.
const palette = [0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 255, 255, 0];
const black = [0, 0, 0];
const red = [255, 0, 0];
const green = [0, 255, 0];
const white = [255, 255, 255];

describe('BMP by hand', () => {
  test('rows go from the bottom up, or from the top down where the height is negative', () => {
    const pixels = [...[0, 0, 255], 0, ...[255, 255, 255], 0];
    const upwards = bitmap({ width: 1, height: 2, bits: 24, pixels });
    expect(decoded(upwards, 6).pixels).toEqual([...white, ...red]);
    const downwards = bitmap({ width: 1, height: -2, bits: 24, pixels });
    expect(decoded(downwards, 6).pixels).toEqual([...red, ...white]);
  });

  test('four bits a pixel, the left one in the high half', () => {
    const file = bitmap({
      width: 3,
      height: 1,
      bits: 4,
      extra: palette,
      pixels: [0x12, 0x30, 0, 0],
    });
    expect(decoded(file, 9).pixels).toEqual([...red, ...green, ...white]);
  });

  test('16 bits a pixel are 5 for each colour', () => {
    const file = bitmap({ width: 2, height: 1, bits: 16, pixels: [0, 0x7c, 0xe0, 0x03] });
    expect(decoded(file, 6).pixels).toEqual([...red, ...green]);
  });

  test('masks of 5, 6 and 5 bits', () => {
    const extra = [0, 0xf8, 0, 0, 0xe0, 7, 0, 0, 0x1f, 0, 0, 0];
    const pixels = [0, 0xf8, 0xff, 0xff];
    const file = bitmap({ width: 2, height: 1, bits: 16, compression: 3, extra, pixels });
    expect(decoded(file, 6).pixels).toEqual([...red, ...white]);
  });

  test('alpha has a mask of its own, and is nothing without one', () => {
    const pixels = [0, 0, 255, 128];
    const extra = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];
    const masked = bitmap({ width: 1, height: 1, bits: 32, compression: 6, extra, pixels });
    expect(decoded(masked, 4).pixels).toEqual([...red, 128]);
    expect(decoded(bitmap({ width: 1, height: 1, bits: 32, pixels }), 3).pixels).toEqual(red);
  });

  test('runs of 8 bits: encoded, absolute, skipped, ended', () => {
    // Bottom row: two red, then green, white and red as they are, filled up. Top row: skips one, one green.
    const pixels = [2, 1, 0, 3, 2, 3, 1, 0, 0, 0, 0, 2, 1, 0, 1, 2, 0, 1];
    const file = bitmap({ width: 5, height: 2, bits: 8, compression: 1, extra: palette, pixels });
    expect(decoded(file, 30)).toEqual({
      pixels: [black, green, black, black, black, red, red, green, white, red].flat(),
      notices: [],
    });
  });

  test('runs of 4 bits take turns between two colours', () => {
    const pixels = [3, 0x12, 0, 3, 0x31, 0x20, 0, 1];
    const file = bitmap({ width: 6, height: 1, bits: 4, compression: 2, extra: palette, pixels });
    expect(decoded(file, 18).pixels).toEqual([red, green, red, white, red, green].flat());
  });

  test('runs that stop early are said to be cut short', () => {
    const file = bitmap({
      width: 4,
      height: 2,
      bits: 8,
      compression: 1,
      extra: palette,
      pixels: [4, 3],
    });
    expect(decoded(file, 24)).toEqual({
      pixels: [black, black, black, black, white, white, white, white].flat(),
      notices: ['The file is cut short: a part of the picture is missing.'],
    });
  });

  test.each([
    [
      'a JPEG inside',
      { width: 1, height: 1, bits: 24, compression: 4, pixels: [] },
      'image-unsupported',
    ],
    [
      'a coding of OS/2',
      { width: 8, height: 1, bits: 1, compression: 3, pixels: [0, 0, 0, 0] },
      'image-unsupported',
    ],
    ['no pixels', { width: 0, height: 1, bits: 24, pixels: [] }, 'image-corrupt'],
    ['too many', { width: 30_000, height: -20_000, bits: 1, pixels: [] }, 'image-too-large'],
  ])('%s', (_what, parts, code) => {
    expect(() => decodeBitmap(bitmap(parts), 'picture.bmp')).toThrow(
      expect.objectContaining({ code, subject: 'picture.bmp' }),
    );
  });
});
