import type { RgbImage } from './image.ts';
import type { Pixels } from './photo-input.ts';
import { resizeBicubic } from './resample.ts';

/** A picture as an image encoder takes it: resized to `side x side`, whatever its aspect. */
export function squareOf(image: RgbImage, side: number): Pixels {
  return resizeBicubic(image, side, side).data;
}

/** {@link squareOf} for each of the sides. */
export function squaresOf(image: RgbImage, sides: readonly number[]): Pixels[] {
  return sides.map((side) => squareOf(image, side));
}
