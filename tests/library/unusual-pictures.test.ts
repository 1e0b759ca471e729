import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePixels } from '#main/library/decode/decode-pixels.ts';
import { withPicture } from '#main/library/decode/with-picture.ts';
import { averageColour, encodeThumbnail } from '#main/library/thumbnail.ts';
import { directoryFirst, tiffFile, tiffTags, type TiffPage } from './tiff-file.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const fixture = (name: string) => readFileSync(join(fixtures, 'pictures', name));
const photo = readFileSync(join(fixtures, 'preprocess/large-420.jpg'));
const white = [255, 255, 255];

async function open(bytes: Buffer, name = 'picture') {
  return await withPicture(bytes, name, async (picture) => {
    const image = await decodePixels(picture, {});
    const at = (x: number, y: number) => [
      ...image.data.subarray((y * image.width + x) * 3).subarray(0, 3),
    ];
    const thumbnail = await encodeThumbnail(picture, image);
    return { picture, image, at, thumbnail };
  });
}

describe('damaged pictures', () => {
  const { length } = photo;
  const zeros = (share: number) =>
    Buffer.concat([photo.subarray(0, length * (1 - share)), Buffer.alloc(length * share)]);
  test.for([
    ['is cut by 1 %', photo.subarray(0, length * 0.99)],
    ['is half there', photo.subarray(0, length / 2)],
    ['ends in zeros', zeros(0.1)],
  ] as const)('a JPEG that %s is shown as far as it goes', async ([, bytes]) => {
    const [whole, damaged] = [await open(photo), await open(bytes)];
    expect(damaged.picture.notices).toEqual([
      expect.stringMatching(/about \d+\u00a0% .* is missing/),
    ]);
    expect(damaged.picture.shownAsIs).toBe(false);
    expect(damaged.image.height).toBe(977);
    const third = 977 * 1303;
    expect(damaged.image.data.subarray(0, third)).toEqual(whole.image.data.subarray(0, third));
  });

  test('a JPEG that lacks nothing but its end marker is whole', async () => {
    const [whole, endless] = [await open(photo), await open(photo.subarray(0, length - 2))];
    expect(endless.image).toEqual(whole.image);
    expect(endless.picture.notices.join()).not.toContain('missing.');
  });

  test('an intact picture with a grey end is whole', async () => {
    const create = { width: 64, height: 64, channels: 3, background: '#808080' } as const;
    const { picture } = await open(await sharp({ create }).jpeg().toBuffer());
    expect(picture).toMatchObject({ notices: [], shownAsIs: true });
  });

  test('one of which hardly anything is left fails as damaged', async () => {
    await expect(open(photo.subarray(0, length * 0.1))).rejects.toMatchObject({
      code: 'image-corrupt',
      message: expect.stringContaining('cut short'),
    });
  });

  test('a cut GIF is shown as far as it goes', async () => {
    const bytes = await sharp(photo).gif().toBuffer();
    const { picture } = await open(bytes.subarray(0, bytes.length * 0.8));
    expect(picture.notices).toEqual([expect.stringMatching(/about [12]\d\u00a0% .* is missing/)]);
  });

  test.for(['webp', 'avif'] as const)('a cut %s is damaged', async (format) => {
    const bytes = await sharp(photo).toFormat(format).toBuffer();
    await expect(open(bytes.subarray(0, bytes.length * 0.8))).rejects.toMatchObject({
      code: 'image-corrupt',
    });
  });
});

describe('damaged pictures whose rows are saved', () => {
  const small = sharp(photo).resize(200, 150);

  /** The rows that are shown are those of the whole picture, and a notice says how many are missing. */
  async function expectRows(damaged: Buffer, whole: Buffer, share: number) {
    const [part, all] = [await open(damaged), await open(whole)];
    const { width, height, data } = part.image;
    expect(width).toBe(all.image.width);
    expect(Math.abs(height / all.image.height - share)).toBeLessThan(0.12);
    expect(data).toEqual(all.image.data.subarray(0, data.length));
    expect(part.picture.shownAsIs).toBe(false);
    const missing = Math.ceil((1 - height / all.image.height) * 100);
    expect(part.picture.notices).toEqual([
      missing === 0
        ? 'The file is damaged. What can be read of it is shown.'
        : `The file is damaged: about ${missing}\u00a0% of the picture is missing.`,
    ]);
  }

  test.for([
    ['colour', small.clone().png()],
    ['a palette', small.clone().png({ palette: true })],
    ['one bit', small.clone().threshold().png({ palette: true, colours: 2 })],
    ['16 bits', small.clone().toColourspace('rgb16').png()],
    ['transparency', small.clone().ensureAlpha(0.5).png()],
  ] as const)('a PNG of %s that is cut', async ([, pipeline]) => {
    const whole = await pipeline.toBuffer();
    const [part, zeros] = [Buffer.from(whole).subarray(0, whole.length * 0.7), Buffer.from(whole)];
    zeros.fill(0, Math.floor(whole.length * 0.7));
    for (const damaged of [part, zeros]) await expectRows(damaged, whole, 0.7);
  });

  test('a PNG whose checksums are wrong is whole', async () => {
    const whole = await small.clone().png().toBuffer();
    const wrong = Buffer.from(whole);
    wrong[whole.indexOf('IEND') - 5] ^= 1;
    await expectRows(wrong, whole, 1);
  });

  test('a PNG with a broken byte is shown up to it', async () => {
    const whole = await small.clone().png().toBuffer();
    const broken = Buffer.from(whole);
    broken.fill(0xff, whole.length / 2, whole.length / 2 + 64);
    const { picture, image } = await open(broken);
    expect(image.height).toBeGreaterThan(30);
    expect(picture.notices.join()).toContain('The file is damaged');
  });

  test.for([
    ['interlaced', { progressive: true }, 0.7],
    ['nearly gone', {}, 0.1],
  ] as const)('a cut PNG that is %s is damaged', async ([, options, share]) => {
    const bytes = await small.clone().png(options).toBuffer();
    await expect(open(bytes.subarray(0, bytes.length * share))).rejects.toMatchObject({
      code: 'image-corrupt',
    });
  });

  test.for([
    ['not compressed', { compression: 'none' }],
    ['by LZW', { compression: 'lzw' }],
    ['by Deflate', { compression: 'deflate' }],
    ['in tiles', { compression: 'lzw', tile: true, tileWidth: 64, tileHeight: 32 }],
    ['by JPEG', { compression: 'jpeg' }],
  ] as const)('a cut TIFF, %s', async ([, options]) => {
    // Strips have 128 rows.
    const tall = sharp(photo).resize(60, 1200, { fit: 'fill' });
    const whole = directoryFirst(await tall.tiff(options).toBuffer());
    await expectRows(whole.subarray(0, whole.length * 0.7), whole, 0.65);
  });

  test('a TIFF of one strip is cut anywhere', async () => {
    const samples = Buffer.from(Array.from({ length: 40 * 100 }, (_, i) => i % 251));
    const whole = tiffFile([{ tags: tiffTags(40, 100, 1, 8), samples }]);
    await expectRows(whole.subarray(0, whole.length - 40 * 25), whole, 0.75);
  });

  test('a TIFF with planes one after another has no rows until the last plane begins', async () => {
    const samples = Buffer.alloc(40 * 40 * 3, 120);
    const whole = tiffFile([{ tags: tiffTags(40, 40, 3, 8, { 284: [2] }), samples }]);
    await expect(open(whole.subarray(0, whole.length - 1700))).rejects.toMatchObject({
      code: 'image-corrupt',
    });
  });

  test.for([
    ['grey', 1, {}, [90, 90, 90]],
    ['colour', 3, {}, [90, 90, 90]],
    ['ink', 4, {}, [107, 107, 107]],
    ['opacity', 4, { 338: [2] }, [197, 197, 197]],
  ] as const)('a TIFF of %s that does not say so', async ([, channels, others, colour]) => {
    const tags = { ...tiffTags(8, 8, channels, 8, others) };
    Reflect.deleteProperty(tags, 262);
    const samples = Buffer.alloc(8 * 8 * channels, 90);
    const { picture, at } = await open(tiffFile([{ tags, samples }]));
    expect(picture.notices).toHaveLength(1);
    // 255 less ink less black; and laid on white.
    expect(at(4, 4)).toEqual(colour);
  });

  test('a TIFF that points at nothing behind its picture is whole', async () => {
    const bytes = tiffFile([{ tags: tiffTags(8, 8, 1, 8), samples: Buffer.alloc(64, 90) }]);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt32LE(65_535, 8 + 2 + damaged.readUInt16LE(8) * 12);
    await expectRows(damaged, bytes, 1);
  });
});

describe('transparency', () => {
  // Means that Pillow's alpha_composite on white gives.
  test.for([
    ['black-on-transparent.png', 224.57],
    ['black-on-transparent.webp', 224.57],
    ['grey-alpha.png', 212.5],
    ['palette-trns.png', 226.097],
    ['palette-trns.gif', 226.097],
  ] as const)('%s is black on white, for the model and in its thumbnail', async ([name, mean]) => {
    const { image, at, thumbnail } = await open(fixture(name));
    expect(at(2, 2)).toEqual(white);
    expect(at(image.width >> 1, image.height >> 1)).toEqual([0, 0, 0]);
    expect(image.data.reduce((sum, level) => sum + level, 0) / image.data.length).toBeCloseTo(
      mean,
      2,
    );
    const { channels } = await sharp(thumbnail).stats();
    expect(channels).toHaveLength(3);
    expect(Math.abs(channels[0].mean - mean)).toBeLessThan(1);
  });

  test('what a cut-out hides is not seen, however far it is reduced', async () => {
    const side = 900;
    const data = Uint8Array.from({ length: side * side * 4 }, (_, i) =>
      i % 4 === 3 ? 0 : (i * 7919) % 256,
    );
    const bytes = await sharp(data, { raw: { width: side, height: side, channels: 4 } })
      .png()
      .toBuffer();
    const image = await withPicture(bytes, 'cut-out', (picture) =>
      decodePixels(picture, { minSide: 32 }),
    );
    expect(image.width).toBeLessThan(side);
    expect(image.data.every((level) => level === 255)).toBe(true);
    expect(averageColour(image)).toBe(0xffffff);
  });
});

describe('orientation that only other fields tell', () => {
  test.for(['rawprofile6.png', 'xmp-only6.jpg'])('%s is turned', async (name) => {
    const { picture, image, at } = await open(fixture(name));
    expect([image.width, image.height]).toEqual([300, 200]);
    // Stored, the upper right corner is blue and the lower right one red.
    const near = (x: number, y: number) => at(x, y).map((level) => Math.round(level / 50));
    expect([near(2, 2), near(297, 2)]).toEqual([
      [5, 5, 5],
      [5, 5, 5],
    ]);
    expect([near(2, 197), near(297, 197)]).toEqual([
      [4, 0, 0],
      [0, 0, 4],
    ]);
    expect(picture.shownAsIs).toBe(false);
  });

  const xmp = (orientation: number) =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:t="http://ns.adobe.com/tiff/1.0/" t:Orientation="${orientation}"/></rdf:RDF></x:xmpmeta>`;

  test.for([1, 2, 3, 4, 5, 6, 7, 8])('%i in XMP is what it is in EXIF', async (orientation) => {
    const lying = await sharp(photo).resize(90, 60).png().toBuffer();
    const inExif = await sharp(lying).withMetadata({ orientation }).png().toBuffer();
    const inXmp = await sharp(lying).withXmp(xmp(orientation)).png().toBuffer();
    const [a, b] = [await open(inExif), await open(inXmp)];
    expect(b.image).toEqual(a.image);
    expect(b.image.width).toBe(orientation < 5 ? 90 : 60);
  });

  test('EXIF comes before XMP', async () => {
    const bytes = await sharp(photo)
      .resize(90, 60)
      .withMetadata({ orientation: 3 })
      .withXmp(xmp(6))
      .jpeg()
      .toBuffer();
    expect((await open(bytes)).image.width).toBe(90);
  });
});

describe('depths and colours of TIFF', () => {
  const rows = 8;
  const of = (channels: number, bits: number, samples: Buffer, others: TiffPage['tags'] = {}) =>
    tiffFile([{ tags: tiffTags(rows, rows, channels, bits, others), samples }]);
  const floats = (...values: number[]) => {
    const all = Float32Array.from(
      { length: rows * rows * values.length },
      (_, i) => values[i % values.length],
    );
    return Buffer.from(all.buffer);
  };
  const halves = (...words: number[]) => {
    const all = Uint16Array.from(
      { length: rows * rows * words.length },
      (_, i) => words[i % words.length],
    );
    return Buffer.from(all.buffer);
  };
  const isReal = (channels: number) => ({ 339: Array<number>(channels).fill(3) });

  test('real numbers go from black at 0 to white at 1, and are clipped', async () => {
    const grey = of(1, 32, floats(0.2), isReal(1));
    expect((await open(grey)).at(3, 3)).toEqual([51, 51, 51]);
    const colour = of(3, 32, floats(0.4, 1.5, -1), isReal(3));
    expect((await open(colour)).at(3, 3)).toEqual([102, 255, 0]);
  });

  test('half precision too', async () => {
    // 0.5, 0.25 and 1 in IEEE 754 binary16.
    const { at } = await open(of(3, 16, halves(0x3800, 0x3400, 0x3c00), isReal(3)));
    expect(at(1, 1)).toEqual([128, 64, 255]);
  });

  test('real numbers that are levels of integers are taken for those', async () => {
    expect((await open(of(1, 32, floats(200), isReal(1)))).at(0, 0)).toEqual([200, 200, 200]);
  });

  test.for([
    [{ 259: [34_925] }, 'LZMA compression'],
    [{ 259: [50_000] }, 'Zstandard compression'],
    [{ 262: [8] }, 'Lab colours'],
    [{ 258: [32, 32, 32] }, 'integers of 32 bits'],
    [{ 258: [64, 64, 64], 339: [3, 3, 3] }, 'samples of 64 bits'],
    [{ 339: [2, 2, 2] }, 'samples other than plain levels'],
    [{ 258: [12, 12, 12] }, 'samples of 12 bits'],
    [{ 258: [4, 4, 4] }, 'samples of 4 bits'],
  ] as const)('what the decoder lacks is not called damaged: %j', async ([tags, words]) => {
    await expect(open(of(3, 8, Buffer.alloc(rows * rows * 3), tags))).rejects.toMatchObject({
      code: 'image-unsupported',
      message: expect.stringContaining(words),
    });
  });

  test('channels beyond colour and opacity are not seen', async () => {
    const inks = Buffer.from(
      Array(rows * rows)
        .fill([10, 20, 30, 255, 99])
        .flat(),
    );
    const { image, at } = await open(of(5, 8, inks));
    expect(image.data).toHaveLength(rows * rows * 3);
    expect(at(4, 4)).toEqual([10, 20, 30]);
  });

  test('a preview in front of the picture is passed over', async () => {
    const small = { tags: tiffTags(2, 2, 1, 8, { 254: [1] }), samples: Buffer.alloc(4, 9) };
    const full = { tags: tiffTags(rows, rows, 1, 8), samples: Buffer.alloc(rows * rows, 77) };
    const { image, at } = await open(tiffFile([small, full]));
    expect(image.width).toBe(rows);
    expect(at(5, 5)).toEqual([77, 77, 77]);
    expect((await open(tiffFile([full, full]))).image.width).toBe(rows);
  });
});

test('a JPEG with a segment that no JPEG has is damaged, whatever the decoder calls it', async () => {
  const bytes = Buffer.concat([photo.subarray(0, 2), Buffer.from([0xff, 0x52]), photo.subarray(2)]);
  await expect(open(bytes)).rejects.toMatchObject({ code: 'image-corrupt' });
});

test('a GIF of a few bytes that says it is huge is refused before it is decoded', async () => {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .gif()
    .toBuffer();
  const frame = bytes.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 8, 0, 8, 0]));
  for (const at of [6, 8, frame + 5, frame + 7]) bytes.writeUInt16LE(16_000, at);
  await expect(open(bytes)).rejects.toMatchObject({
    code: 'image-too-large',
    message: expect.stringContaining('75 megapixels'),
  });
});

test('an AVIF larger than its decoder takes is too large, not damaged', async () => {
  const bytes = await sharp(photo).resize(64, 48).avif().toBuffer();
  const size = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(17_000, size);
  bytes.writeUInt32BE(17_000, size + 4);
  await expect(open(bytes)).rejects.toMatchObject({ code: 'image-too-large' });
});

test('an AVIF animation gives its still picture', async () => {
  const still = await sharp(photo).resize(64, 48).avif().toBuffer();
  const animation = Buffer.from(still);
  animation.write('avis', 8, 'latin1');
  const [a, b] = [await open(still), await open(animation)];
  expect(b.image).toEqual(a.image);
  expect(b.picture.shownAsIs).toBe(false);
});
