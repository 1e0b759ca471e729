import { globSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { isRead } from '#main/library/metadata/read-tags.ts';
import { isSilentJpeg } from '#main/library/metadata/silent-jpeg.ts';
import { photograph } from '../pictures.ts';
import { photoFile } from './said-photo.ts';

const reader = new MetadataReader();
afterAll(() => reader.close());

const fixtures = join(import.meta.dirname, '../../fixtures');
const silent = globSync('**/*.jpg', { cwd: fixtures }).filter((name) =>
  isSilentJpeg(photoFile(join(fixtures, name)).bytes),
);

test('exiftool reads nothing in a JPEG that is silent', async () => {
  expect(silent.length).toBeGreaterThan(20);
  for (const name of silent) {
    const tags = await reader.read(join(fixtures, name));
    expect(Object.keys(tags ?? { failed: true }).filter(isRead), name).toEqual([]);
    expect(tags, name).toHaveProperty(['File:FileType'], 'JPEG');
  }
});

describe('a JPEG is silent', () => {
  const pixels = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
  const made: Record<string, () => Promise<Buffer>> = {
    'with JFIF alone': () => photograph(1),
    'with more than one scan': () => pixels().jpeg({ progressive: true }).toBuffer(),
    'with a colour profile': () => pixels().withIccProfile('p3').jpeg().toBuffer(),
    'of four inks': () => pixels().toColourspace('cmyk').jpeg().toBuffer(),
  };
  test.each(Object.entries(made))('%s', async (_, make) => {
    expect(isSilentJpeg(await make())).toBe(true);
  });
});

/** A segment as JPEG has it: marker, length with its own two bytes, content (T.81, B.1.1.4). */
function segment(marker: number, content: string): Buffer {
  const bytes = Buffer.from(`\xff${String.fromCharCode(marker)}\0\0${content}`, 'latin1');
  bytes.writeUInt16BE(content.length + 2, 2);
  return bytes;
}

describe('a JPEG may say something', () => {
  const segments: readonly (readonly [string, Buffer])[] = [
    ['in EXIF', segment(0xe1, 'Exif\0\0II*\0\x08\0\0\0')],
    ['in XMP', segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>')],
    ['in IPTC', segment(0xed, 'Photoshop 3.0\x008BIM')],
    ['in a comment', segment(0xfe, 'Boat at the pier')],
    ['in JFIF of another kind', segment(0xe0, 'JF')],
    ['in what nobody knows', segment(0xe2, 'MPF\0')],
  ];
  test.each(segments)('%s', async (_, said) => {
    const jpeg = await photograph(1);
    expect(isSilentJpeg(Buffer.concat([jpeg.subarray(0, 2), said, jpeg.subarray(2)]))).toBe(false);
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    expect(isSilentJpeg(Buffer.concat([jpeg.subarray(0, scan), said, jpeg.subarray(scan)]))).toBe(
      false,
    );
  });
});

test('what is no JPEG, or one that is cut before its pixels, may say something', async () => {
  const jpeg = await photograph(1);
  const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  for (let end = 0; end < scan; end += 1) expect(isSilentJpeg(jpeg.subarray(0, end))).toBe(false);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => !isSilentJpeg(Buffer.from(bytes))));
});
