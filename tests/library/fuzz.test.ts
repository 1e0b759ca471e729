import { expect, test } from 'vitest';
import { fuzzPictures } from '../../tools/fuzz/fuzz-pictures.ts';

test.for(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'])(
  '%s: mutated files are shown or refused, in bounded memory',
  async (format) => {
    const { crashed, hung, peak } = await fuzzPictures(format, 7, 60);
    expect({ crashed, hung }).toEqual({ crashed: [], hung: [] });
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(2 ** 30);
  },
);
