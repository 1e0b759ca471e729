import type { RgbImage } from './image.ts';
import { resizeBicubic } from './resample.ts';

/** What a checkpoint's image encoder expects: pixels in [0, 1], minus `mean`, over `std`. */
export interface Preprocessing {
  /** Side of the square input in pixels. */
  readonly size: number;
  /** Red, green, blue. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * A picture as the image encoder takes it: squashed to a square with antialiased bicubic,
 * normalised, planar: f32 `[3, size, size]`. Follows BLIP's evaluation transform (Resize, ToTensor,
 * Normalize of torchvision on a Pillow image), to the last bit.
 */
export function preprocess(image: RgbImage, { size, mean, std }: Preprocessing): Float32Array {
  const { data } = resizeBicubic(image, size, size);
  const area = size * size;
  const pixels = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    const values = normalisedLevels(mean[channel], std[channel]);
    const plane = channel * area;
    for (let i = 0; i < area; i++) pixels[plane + i] = values[data[i * 3 + channel]];
  }
  return pixels;
}

/** The normalised value of each of the 256 levels, rounded to f32 where torchvision rounds. */
function normalisedLevels(mean: number, std: number): Float32Array {
  const { fround } = Math;
  return Float32Array.from({ length: 256 }, (_, level) =>
    fround(fround(fround(level / 255) - fround(mean)) / fround(std)),
  );
}
