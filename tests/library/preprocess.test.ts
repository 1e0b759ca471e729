import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { THUMBNAIL_SIDE } from '#main/library/thumbnail.ts';
import { resizeBicubic } from '#main/med/preprocess/resample.ts';

const folder = join(import.meta.dirname, '../fixtures/preprocess');
const side = 32;
/** Base64 of what PIL and torchvision make of each picture (tools/fixtures/preprocess.py). */
const expected = z
  .record(z.string(), z.base64())
  .parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));

test.each(Object.keys(expected))('%s: the levels that PIL and torchvision give', async (name) => {
  // As an import decodes it, which reduces large photos on the way.
  const options = { minSide: side, minLongSide: THUMBNAIL_SIDE };
  const { data } = resizeBicubic(await decodeImage(join(folder, name), options), side, side);
  const levels = Buffer.from(expected[name], 'base64');
  expect(data).toHaveLength(levels.length);
  expect(Math.max(...data.map((level, i) => Math.abs(level - levels[i])))).toBeLessThanOrEqual(1);
});

test('decoding whole gives the very bytes', async () => {
  for (const [name, levels] of Object.entries(expected)) {
    const { data } = resizeBicubic(await decodeImage(join(folder, name)), side, side);
    expect(Buffer.from(data).equals(Buffer.from(levels, 'base64')), name).toBe(true);
  }
});

test('a photo reduced to nearly a quarter while decoding is within a level of the whole one', async () => {
  const photo = join(folder, 'large-420.jpg');
  const minSide = 84;
  const [whole, reduced] = await Promise.all([decodeImage(photo), decodeImage(photo, { minSide })]);
  expect(reduced.width / whole.width).toBeLessThan(0.26);
  const [exact, close] = [whole, reduced].map((image) => resizeBicubic(image, minSide, minSide));
  const differences = exact.data.map((level, i) => Math.abs(level - close.data[i]));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
});
