import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import { openPicture } from '#main/library/decode/open-picture.ts';
import { rawPreview } from '#main/library/foreign/raw-preview.ts';
import { temporaryFolder } from '../pictures.ts';
import { lossyDng, rawFiles } from './raw-files.ts';

const exiftool = 'node_modules/exiftool-vendored.pl/bin/exiftool';
const quarters = [
  [220, 40, 40],
  [40, 180, 60],
  [50, 70, 210],
  [230, 220, 80],
];

/** Four quarters of one colour each. */
async function jpegOf(width: number, height: number): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = quarters[Math.floor((y * 2) / height) * 2 + Math.floor((x * 2) / width)];
      data.set(colour, (y * width + x) * 3);
    }
  }
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

function jsonOf(args: readonly string[]): Record<string, unknown> {
  const [first] = JSON.parse(execFileSync('perl', [exiftool, '-j', ...args]).toString('utf8'));
  return first;
}

describe('previews of raw photos', () => {
  test.each(Object.keys(rawFiles))(
    '%s: what exiftool knows it as, and finds in it',
    async (type) => {
      const small = await jpegOf(160, 120);
      const jpeg = await jpegOf(1200, 800);
      const bytes = Buffer.concat([rawFiles[type](jpeg, 1), Buffer.alloc(64), small]);
      const path = join(temporaryFolder(), `photo.${type.toLowerCase()}`);
      writeFileSync(path, bytes);
      expect(jsonOf(['-FileType', path])['FileType']).toBe(type);
      expect((await openPicture(bytes, `photo.${type.toLowerCase()}`)).format).toBe('raw');
      const preview = rawPreview(bytes, 'photo');
      expect(preview.bytes.equals(jpeg)).toBe(true);
      expect(preview.notices).toEqual([]);
      const found = ['-JpgFromRaw', '-PreviewImage', '-OtherImage', '-ThumbnailImage']
        .map((tag) => execFileSync('perl', [exiftool, '-b', tag, path]))
        .filter((extracted) => extracted.length > 0);
      expect(found.some((extracted) => extracted.equals(jpeg))).toBe(true);
    },
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i is applied once', async (orientation) => {
    const jpeg = await jpegOf(120, 80);
    const upright = async (bytes: Buffer, name: string) =>
      await (await openPicture(bytes, name)).pipeline('stored').raw().toBuffer();
    const truth = await upright(
      await sharp(jpeg).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer(),
      'truth.jpg',
    );
    for (const type of ['NEF', 'CR3']) {
      const shown = await upright(rawFiles[type](jpeg, orientation), 'photo.nef');
      expect(shown.length).toBe(truth.length);
      const strays = shown.filter((value, i) => Math.abs(value - truth[i]) > 40);
      expect(strays.length).toBeLessThan(truth.length / 50);
    }
  });

  test("a preview's own orientation is the one that counts", async () => {
    const jpeg = await sharp(await jpegOf(120, 80))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const raf = await openPicture(rawFiles['RAF'](jpeg, 1), 'photo.raf');
    expect([raf.width, raf.height]).toEqual([80, 120]);
    const rw2 = await openPicture(rawFiles['RW2'](jpeg, 6), 'photo.rw2');
    expect([rw2.width, rw2.height]).toEqual([80, 120]);
  });

  test('a preview that is turned already is not turned again', async () => {
    const turned = await openPicture(rawFiles['ARW'](await jpegOf(800, 1200), 8), 'photo.arw');
    expect([turned.width, turned.height]).toEqual([800, 1200]);
    const lying = await openPicture(rawFiles['ARW'](await jpegOf(1200, 800), 8), 'photo.arw');
    expect([lying.width, lying.height]).toEqual([800, 1200]);
  });

  test('a small preview is shown with a notice', async () => {
    const { notices } = rawPreview(rawFiles['NEF'](await jpegOf(160, 120), 1), 'photo.nef');
    expect(notices).toEqual(['Shown by its embedded preview, which has only 160 x 120 pixels.']);
  });

  test('what the sensor saw is not taken for a preview', async () => {
    const preview = await jpegOf(400, 300);
    const bytes = lossyDng(preview, await jpegOf(2000, 1000));
    expect(rawPreview(bytes, 'photo.dng').bytes.equals(preview)).toBe(true);
  });

  test('a raw photo without a whole preview is not supported, not damaged', async () => {
    const bytes = rawFiles['NEF'](await jpegOf(400, 300), 1);
    for (const without of [rawFiles['NEF'](Buffer.alloc(100), 1), bytes.subarray(0, -20)]) {
      await expect(openPicture(without, 'photo.nef')).rejects.toMatchObject({
        code: 'image-unsupported',
        message: expect.stringContaining('without a preview'),
      });
    }
  });

  test('any bytes give a preview or a reason', async () => {
    const whole = lossyDng(await jpegOf(64, 48), await jpegOf(80, 60));
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(), (changes, cut) => {
        const bytes = Buffer.from(whole.subarray(0, whole.length - (cut % 400)));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        try {
          expect(rawPreview(bytes, 'photo.dng').bytes.readUInt16BE(0)).toBe(0xffd8);
        } catch (error) {
          if (!(error instanceof MedleyError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
