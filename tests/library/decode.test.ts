import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { blackPng, photograph, temporaryFolder } from './pictures.ts';

function pixel(image: RgbImage, x: number, y: number): number[] {
  const at = (y * image.width + x) * 3;
  return [...image.data.subarray(at, at + 3)];
}

function plain(width: number, height: number, channels: 3 | 4, values: number[]) {
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => values[i % channels],
  );
  return sharp(data, { raw: { width, height, channels } });
}

describe('orientation', () => {
  // 3 x 2 pixels, named by row: A B C / D E F.
  const names = ['A', 'B', 'C', 'D', 'E', 'F'];
  const grey = (name: string) => 20 + 40 * names.indexOf(name);
  // What each EXIF orientation shows of them (TIFF 6.0, tag 274).
  const shown = {
    1: ['ABC', 'DEF'],
    2: ['CBA', 'FED'],
    3: ['FED', 'CBA'],
    4: ['DEF', 'ABC'],
    5: ['AD', 'BE', 'CF'],
    6: ['DA', 'EB', 'FC'],
    7: ['FC', 'EB', 'DA'],
    8: ['CF', 'BE', 'AD'],
  };
  for (const [orientation, rows] of Object.entries(shown)) {
    test(`${orientation} is applied`, async () => {
      const data = Uint8Array.from(names.flatMap((name) => Array<number>(3).fill(grey(name))));
      const bytes = await sharp(data, { raw: { width: 3, height: 2, channels: 3 } })
        .resize(48, 32, { kernel: 'nearest' })
        .withMetadata({ orientation: Number(orientation) })
        .jpeg({ quality: 100 })
        .toBuffer();
      const image = await decodeImage(bytes);
      expect([image.width, image.height]).toEqual([rows[0].length * 16, rows.length * 16]);
      const read = rows.map((row, y) =>
        [...row].map((_, x) => Math.round((pixel(image, x * 16 + 8, y * 16 + 8)[0] - 20) / 40)),
      );
      expect(read.map((row) => row.map((i) => names[i]).join(''))).toEqual(rows);
    });
  }
});

describe('pixel values are those of PIL convert("RGB")', () => {
  test('transparency is laid on white', async () => {
    for (const [alpha, seen] of [
      [0, [255, 255, 255]],
      [255, [200, 100, 50]],
      // 0.2 of the colour and 0.8 of white.
      [51, [244, 224, 214]],
    ] as const) {
      const bytes = await plain(4, 4, 4, [200, 100, 50, alpha]).png().toBuffer();
      expect(pixel(await decodeImage(bytes), 1, 1)).toEqual(seen);
    }
  });

  test('a colour profile is not applied', async () => {
    const bytes = await plain(4, 4, 3, [200, 100, 50]).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(pixel(await decodeImage(bytes), 0, 0)).toEqual([...stored.subarray(0, 3)]);
    expect(stored[0]).not.toBe(200);
  });

  test('grey becomes three equal channels', async () => {
    const bytes = await plain(4, 4, 3, [90, 90, 90]).toColourspace('b-w').png().toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    const image = await decodeImage(bytes);
    expect(image.data).toHaveLength(4 * 4 * 3);
    expect(pixel(image, 3, 3)).toEqual([90, 90, 90]);
  });

  test.for(['png', 'tiff'] as const)('16 bits (%s) keep their high byte', async (format) => {
    const samples = Uint16Array.from(
      { length: 4 * 4 * 3 },
      (_, i) => [0x80ff, 0x1234, 0xfe00][i % 3],
    );
    const raw = { width: 4, height: 4, channels: 3 } as const;
    const bytes = await sharp(samples, { raw })
      .toColourspace('rgb16')
      .toFormat(format, { compression: 'none' })
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect(pixel(await decodeImage(bytes), 2, 2)).toEqual([0x80, 0x12, 0xfe]);
  });

  test('CMYK is what ink and black leave of white', async () => {
    const bytes = await plain(16, 16, 3, [200, 100, 50])
      .toColourspace('cmyk')
      .tiff({ compression: 'none' })
      .toBuffer();
    // Independent of the decoder: libvips puts the samples of an uncompressed TIFF at byte 8.
    const [c, m, y, k] = bytes.subarray(8, 12);
    const left = (ink: number) => 255 - k - Math.round((ink * (255 - k)) / 255);
    expect(pixel(await decodeImage(bytes), 4, 4)).toEqual([left(c), left(m), left(y)]);
    expect(new Set([c, m, y]).size).toBe(3);
  });
});

test('an animation gives its first frame', async () => {
  const frames = await Promise.all(
    [
      [250, 0, 0],
      [0, 250, 0],
    ].map((values) => plain(20, 20, 3, values).png().toBuffer()),
  );
  for (const format of ['gif', 'webp'] as const) {
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format, { lossless: true })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const image = await decodeImage(bytes);
    expect([image.width, image.height]).toEqual([20, 20]);
    const [red, green] = pixel(image, 10, 10);
    expect(red).toBeGreaterThan(240);
    expect(green).toBeLessThan(10);
  }
});

describe('reduced decoding', () => {
  test('keeps three times the model side and the shape', async () => {
    const bytes = await photograph(1, 1600, 1200);
    const image = await decodeImage(bytes, { minSide: 96 });
    expect([image.width, image.height]).toEqual([384, 288]);
    expect((await decodeImage(bytes)).width).toBe(1600);
  });

  test('shows the same picture', async () => {
    const bytes = await photograph(2, 1600, 1200);
    const reduced = await decodeImage(bytes, { minSide: 96 });
    const whole = await sharp(bytes).resize(384, 288, { fit: 'fill' }).raw().toBuffer();
    const difference = whole.reduce((sum, value, i) => sum + Math.abs(value - reduced.data[i]), 0);
    expect(difference / whole.length).toBeLessThan(2);
  });

  test('leaves pictures alone that are hardly larger', async () => {
    const image = await decodeImage(await photograph(3, 500, 400), { minSide: 96 });
    expect([image.width, image.height]).toEqual([500, 400]);
  });

  test('applies to turned pictures, their sides exchanged', async () => {
    const turned = await sharp(await photograph(4, 1600, 1200))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const image = await decodeImage(turned, { minSide: 96 });
    expect([image.width, image.height]).toEqual([288, 384]);
  });
});

describe('broken files', () => {
  const formats = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const;
  test.for(formats)('hardly anything of a %s is corrupt, reduced or not', async (format) => {
    const whole = await sharp(await photograph(5, 400, 300))
      .toFormat(format)
      .toBuffer();
    await decodeImage(whole);
    for (const fraction of [0.1, 0.2]) {
      const cut = whole.subarray(0, Math.floor(whole.length * fraction));
      for (const options of [{}, { minSide: 64 }]) {
        await expect(decodeImage(cut, options)).rejects.toMatchObject({ code: 'image-corrupt' });
      }
    }
  });

  test('errors name the file and the reason', async () => {
    const folder = temporaryFolder();
    const at = (name: string, content: Buffer | string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    mkdirSync(join(folder, 'folder.jpg'));
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    const cases = [
      [at('empty.jpg', ''), 'image-corrupt', 'empty.jpg is empty (0 bytes).'],
      [at('text.jpg', 'Dear diary'), 'image-unsupported', 'text.jpg is not a picture'],
      [at('drawing.png', svg), 'image-unsupported', 'drawing.png is an SVG drawing'],
      [at('short.jpg', '\xff\xd8\xff'), 'image-unsupported', 'short.jpg'],
      [join(folder, 'gone.jpg'), 'file-missing', 'gone.jpg is not there'],
      [join(folder, 'folder.jpg'), 'file-unreadable', 'It is a folder.'],
    ] as const;
    for (const [path, code, message] of cases) {
      await expect(decodeImage(path)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    }
  });

  test('a picture of 900 megapixels is refused before its pixels are decoded', async () => {
    const bytes = blackPng(30_000);
    await expect(decodeImage(bytes)).rejects.toMatchObject({
      code: 'image-too-large',
      message: expect.stringContaining('30000 x 30000'),
    });
    expect((await decodeImage(blackPng(300))).width).toBe(300);
  });
});
