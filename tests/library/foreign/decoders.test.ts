import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openPicture } from '#main/library/decode/open-picture.ts';
import { decodeForeign } from '#main/library/foreign/decode-foreign.ts';

const folder = 'tests/fixtures/foreign';
const fixture = (name: string) => readFileSync(join(folder, name));
const Expected = z.record(
  z.string(),
  z.object({ width: z.number(), height: z.number(), quarters: z.array(z.array(z.number())) }),
);
const expected = Expected.parse(JSON.parse(fixture('expected.json').toString('utf8')));
const names = readdirSync(folder).filter((name) => /\.(heic|jxl|bmp)$/.test(name));

async function shown(bytes: Buffer, name: string) {
  const picture = await openPicture(bytes, name);
  const { data, info } = await picture
    .pipeline('stored')
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const middles = [1, 3].flatMap((y) =>
    [1, 3].map((x) => {
      const at = Math.floor((y * info.height) / 4) * info.width + Math.floor((x * info.width) / 4);
      return [...data.subarray(at * info.channels, (at + 1) * info.channels)];
    }),
  );
  return { picture, info, middles };
}

/** `changed` puts a number of 32 bits in the place of the first after `mark`. */
function withNumber(bytes: Buffer, mark: string, after: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32BE(value, bytes.indexOf(mark, 0, 'latin1') + after);
  return changed;
}

describe('pictures that libvips does not read', () => {
  test('every fixture has its truth', () => {
    expect(names.sort()).toEqual(Object.keys(expected).sort());
  });

  test.each(names)('%s is decoded upright, in its colours', async (name) => {
    const { picture, info, middles } = await shown(fixture(name), name);
    const { width, height, quarters } = expected[name];
    expect([picture.width, picture.height, info.width, info.height]).toEqual([
      width,
      height,
      width,
      height,
    ]);
    expect(picture.notices).toEqual([]);
    middles.forEach((colour, i) => {
      expect(colour.length).toBe(quarters[i].length);
      // Decoders round the conversion from YCbCr their own ways.
      colour.forEach((value, c) => expect(Math.abs(value - quarters[i][c])).toBeLessThanOrEqual(3));
    });
  });

  test('a browser is not handed the file', async () => {
    expect((await openPicture(fixture('plain.heic'), 'plain.heic')).shownAsIs).toBe(false);
  });

  test('a colour profile comes along', async () => {
    const { bytes } = await decodeForeign('heic', fixture('profile.heic'), 'profile.heic');
    const { icc } = await sharp(bytes).metadata();
    expect(icc?.includes('acsp')).toBe(true);
  });

  test('what is too large is refused by its header', async () => {
    const huge = withNumber(fixture('plain.heic'), 'ispe', 8, 40_000);
    await expect(
      openPicture(withNumber(huge, 'ispe', 12, 40_000), 'huge.heic'),
    ).rejects.toMatchObject({ code: 'image-too-large' });
    const bitmap = fixture('24-bit.bmp');
    bitmap.writeInt32LE(40_000, 18);
    bitmap.writeInt32LE(40_000, 22);
    await expect(openPicture(bitmap, 'huge.bmp')).rejects.toMatchObject({
      code: 'image-too-large',
    });
  });

  test.each(['plain.heic', 'lossless.jxl', '24-bit.bmp'])(
    '%s without its second half is damaged or said to be cut short',
    async (name) => {
      const bytes = fixture(name);
      const cut = bytes.subarray(0, Math.floor(bytes.length / 2));
      const outcome = await openPicture(cut, name).then(
        ({ notices }) => notices.join(),
        (error: unknown) => String(error),
      );
      expect(outcome).toMatch(/cut short|damaged/);
    },
  );

  test('a picture that takes too long fails alone, and its thread is replaced', async () => {
    // Run lengths that leave all of 36 megapixels out: a moment's work, but not of a millisecond.
    const slow = fixture('8-bit.bmp');
    for (const at of [18, 22]) slow.writeInt32LE(6000, at);
    slow.writeUInt32LE(1, 30);
    slow.fill(0, slow.readUInt32LE(10)).writeUInt16BE(1, slow.readUInt32LE(10));
    await expect(
      decodeForeign('bmp', slow, 'slow.bmp', { patienceMillis: 1 }),
    ).rejects.toMatchObject({ code: 'image-corrupt', subject: 'slow.bmp' });
    const bytes = fixture('thumbnail.heic');
    const all = await Promise.all(
      Array.from({ length: 5 }, () => decodeForeign('heic', bytes, 'quick.heic')),
    );
    expect(new Set(all.map((file) => file.bytes.toString('base64'))).size).toBe(1);
  });
});
