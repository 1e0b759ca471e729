import type { RgbImage } from './image.ts';
import type { Pixels } from './photo-input.ts';
import { resizeBicubic } from './resample.ts';

/** A picture as image encoders take it: a square for each of the sides, whatever its aspect. */
export function squaresOf(image: RgbImage, sides: readonly number[]): Pixels[] {
  return sides.map((side) => resizeBicubic(image, side, side).data);
}
