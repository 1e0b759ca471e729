import { normaliseCaption } from '#main/med/text/tokenizer.ts';
import type { GivenPhoto } from '#main/training/data/training-photos.ts';

/** Steps of an epoch: what does not fill a batch waits for another one. */
export function stepsOf(photos: readonly GivenPhoto[], batch: number): number {
  const texts = photos.reduce(
    (sum, { captions }) => sum + new Set(captions.map(normaliseCaption)).size,
    0,
  );
  return Math.max(1, Math.floor(texts / batch));
}

/** Epochs of a set that come to about so many steps: a model learns no better for a larger set alone. */
export function epochsFor(photos: readonly GivenPhoto[], batch: number, steps: number): number {
  return Math.max(1, Math.round(steps / stepsOf(photos, batch)));
}
