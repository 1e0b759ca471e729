import { plantLibrary } from '#main/evaluation/capfilt/planted-texts.ts';
import type { Random } from '#main/med/decoding/random.ts';
import { shuffled } from '#main/training/data/shuffle.ts';
import type { TrainingPhoto } from '#main/training/data/training-photos.ts';

/** Of all texts, which share is put to another photo. */
export interface NoiseShares {
  /** To one drawn at random. */
  readonly random: number;
  /** To the one that looks most alike. */
  readonly nearest: number;
}

/**
 * Photos with some of their texts replaced: a share of them change photos among themselves, so that every one
 * of these is said still, and a share is replaced by the first text of the photo that looks most alike.
 *
 * @param nearest of each photo, the place of the other that looks most alike
 */
export function plantNoise(
  photos: readonly TrainingPhoto[],
  shares: NoiseShares,
  nearest: readonly number[],
  random: Random,
): TrainingPhoto[] {
  const texts = photos.flatMap(({ captions }, photo) => captions.map((text) => ({ photo, text })));
  const kinds = plantLibrary(texts.length, shares, random);
  const planted = texts.map(({ photo, text }, i) =>
    kinds[i] === 'nearest' ? photos[nearest[photo]].captions[0] : text,
  );
  const swapped = [...texts.keys()].filter((i) => kinds[i] === 'random');
  const order = shuffled(swapped.length, random).map((at) => swapped[at]);
  for (const [at, i] of order.entries()) planted[i] = texts[order[(at + 1) % order.length]].text;
  return photos.map((photo, place) => ({
    ...photo,
    captions: planted.filter((_, i) => texts[i].photo === place),
  }));
}
