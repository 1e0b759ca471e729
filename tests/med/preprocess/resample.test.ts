import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import { resizeBicubic } from '#main/med/preprocess/resample.ts';

const Size = z.tuple([z.int(), z.int()]);
/** Checksums of what Pillow makes of the two pictures below (tools/fixtures/resample.py). */
const cases = z
  .array(z.object({ kind: z.enum(['noise', 'waves']), from: Size, to: Size, sha256: z.string() }))
  .parse(
    JSON.parse(fs.readFileSync(new URL('../../fixtures/resample.json', import.meta.url), 'utf8')),
  );

function noise(width: number, height: number): RgbImage {
  let value = width * 7919 + height;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
    return value >>> 24;
  });
  return { width, height, data };
}

function waves(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const channel = index % 3;
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / 3 / width);
    const level = Math.floor((x * x * (channel + 1) + y * y * 3 + x * y) / 97) % 512;
    return level < 256 ? Math.max(level - 64, 0) : Math.min(575 - level, 255);
  });
  return { width, height, data };
}

test.each(cases)('$kind $from to $to: the same bytes as Pillow', ({ kind, from, to, sha256 }) => {
  const picture = { noise, waves }[kind](...from);
  const resized = resizeBicubic(picture, ...to);
  expect([resized.width, resized.height]).toEqual(to);
  expect(createHash('sha256').update(resized.data).digest('hex')).toBe(sha256);
});
