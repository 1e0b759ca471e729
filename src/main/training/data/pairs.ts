import type { Random } from '#main/med/decoding/random.ts';
import type { TrainingPhoto } from './training-photos.ts';
import { shuffled } from './shuffle.ts';

/** A caption and its photo, by its place among the photos with features. */
export interface Pair {
  readonly photo: number;
  readonly caption: string;
}

/** Every caption of the photos with its photo. */
export function pairsOf(photos: readonly (readonly [number, TrainingPhoto])[]): Pair[] {
  return photos.flatMap(([photo, { captions }]) => captions.map((caption) => ({ photo, caption })));
}

/**
 * The pairs of an epoch in batches of one size, in an order drawn at random; what does not fill a
 * batch waits for another epoch.
 */
export function batchesOf(pairs: readonly Pair[], size: number, random: Random): Pair[][] {
  const order = shuffled(pairs.length, random);
  return Array.from({ length: Math.floor(pairs.length / size) }, (_, batch) =>
    order.slice(batch * size, (batch + 1) * size).map((i) => pairs[i]),
  );
}
