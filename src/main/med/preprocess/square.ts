import type { RgbImage } from './image.ts';
import type { PhotoInput, Pixels } from './photo-input.ts';
import { resizeBicubic } from './resample.ts';

/** Sides of squares, in pixels. */
export type Sides = readonly number[];

/** A picture as image encoders take it: a square for each of the sides, whatever its aspect. */
export function squaresOf(image: RgbImage, sides: Sides): Pixels[] {
  return sides.map((side) => resizeBicubic(image, side, side).data);
}

/** What prepares a photo in its own way, as every `MedModel` does. */
interface Preparing<Input> {
  readonly inputSides: Sides;
  inputOf(squares: readonly Pixels[]): Input;
}

/** A picture as a model takes it. */
export function preprocess<Input extends PhotoInput>(
  model: Preparing<Input>,
  image: RgbImage,
): Input {
  return model.inputOf(squaresOf(image, model.inputSides));
}
