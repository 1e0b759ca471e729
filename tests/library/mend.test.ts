import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { mendPng } from '#main/library/decode/mend-png.ts';
import { mendTiff } from '#main/library/decode/mend-tiff.ts';
import { directoryFirst } from './tiff-file.ts';

const create = { width: 40, height: 30, channels: 3, background: '#345' } as const;
const png = await sharp({ create }).png({ compressionLevel: 0 }).toBuffer();
const tiff = directoryFirst(await sharp({ create }).tiff({ compression: 'none' }).toBuffer());

/** Any bytes of a file changed, and its end cut off. */
function damaged(file: Buffer): fc.Arbitrary<Buffer> {
  const changes = fc.array(
    fc.tuple(fc.nat({ max: Math.min(file.length, 400) - 1 }), fc.nat({ max: 255 })),
    { maxLength: 12 },
  );
  return fc.tuple(changes, fc.nat({ max: file.length })).map(([changed, length]) => {
    const bytes = Buffer.from(file);
    for (const [at, byte] of changed) bytes[at] = byte;
    return bytes.subarray(0, length);
  });
}

test('whatever is damaged in a PNG, some of its rows are had or nothing', async () => {
  await fc.assert(
    fc.asyncProperty(damaged(png), async (bytes) => {
      const mended = await mendPng(bytes);
      if (mended === null) return;
      expect(mended.share).toBeGreaterThan(0);
      expect(mended.share).toBeLessThanOrEqual(1);
      expect(mended.bytes.subarray(0, 8)).toEqual(bytes.subarray(0, 8));
    }),
    { numRuns: 500 },
  );
});

test('whatever is damaged in a TIFF, some of its rows are had or nothing', () => {
  fc.assert(
    fc.property(damaged(tiff), (bytes) => {
      const mended = mendTiff(bytes);
      if (mended === null) return;
      expect(mended.share).toBeGreaterThan(0);
      expect(mended.share).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2000 },
  );
});
