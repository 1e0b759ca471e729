import { expect, test } from 'vitest';
import { preprocess } from '#main/med/preprocess.ts';

test('lays out planes of normalised pixels', () => {
  // Two by two, already the right size: no resampling to reckon with.
  const data = Uint8Array.of(255, 0, 51, 0, 255, 102, 128, 64, 32, 1, 2, 3);
  const pixels = preprocess(
    { width: 2, height: 2, data },
    { size: 2, mean: [0.5, 0.25, 0], std: [0.5, 0.25, 0.2] },
  );
  const expected = [
    [1, -1, 128 / 127.5 - 1, 1 / 127.5 - 1],
    [-1, 3, (64 / 255 - 0.25) * 4, (2 / 255 - 0.25) * 4],
    [1, 2, 32 / 51, 3 / 51],
  ].flat();
  expect(pixels).toHaveLength(12);
  for (const [index, value] of expected.entries()) expect(pixels[index]).toBeCloseTo(value, 6);
});

/** The constants of the official BLIP checkpoints. */
const mean = [0.48145466, 0.4578275, 0.40821073] as const;
const std = [0.26862954, 0.26130258, 0.27577711] as const;

test('squashes any aspect to the square', () => {
  const data = new Uint8Array(30 * 7 * 3).fill(128);
  const pixels = preprocess({ width: 30, height: 7, data }, { size: 16, mean, std });
  expect(pixels).toHaveLength(3 * 16 * 16);
  for (const channel of [0, 1, 2]) {
    const plane = pixels.subarray(channel * 256, (channel + 1) * 256);
    const grey = (128 / 255 - mean[channel]) / std[channel];
    expect(Math.max(...plane)).toBeCloseTo(grey, 5);
    expect(Math.min(...plane)).toBeCloseTo(grey, 5);
  }
});
