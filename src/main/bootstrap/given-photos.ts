import { splitPhotos } from '#main/training/data/photo-split.ts';
import {
  distinctPhotos,
  fewestPhotos,
  type GivenPhoto,
  type TrainingPhoto,
} from '#main/training/data/training-photos.ts';
import type { UnreadablePhoto } from '#main/training/opened-training.ts';
import { MedleyError } from '#shared/errors.ts';

/** Captions as a person gives them. */
export interface GivenCaptions {
  /** Captions that are known to be right. */
  readonly clean: readonly GivenPhoto[];
  /** Captions of which some are wrong. */
  readonly noisy: readonly GivenPhoto[];
  /**
   * More captions that are right: those of photos in neither file are what models are measured by, those of
   * noisy photos tell which of their texts are wrong.
   */
  readonly truth: readonly GivenPhoto[];
}

/** Photos by what they are for; each is in one part. */
export interface SortedPhotos {
  /** Captioner and filter learn from them, and every model that is trained again. */
  readonly clean: readonly TrainingPhoto[];
  /** They tell every training when to stop. */
  readonly validation: readonly TrainingPhoto[];
  readonly noisy: readonly TrainingPhoto[];
  /** Models are measured on them; nothing learns from them. */
  readonly held: readonly TrainingPhoto[];
  /** What is known to be right of noisy photos. */
  readonly truth: readonly TrainingPhoto[];
  readonly unreadable: readonly UnreadablePhoto[];
}

/** Of the clean photos, those that tell when to stop, and those to measure by where no others are given. */
const shares = { validation: 0.2, heldOut: 0.2 };
/** Fewer say nothing about the difference of two models. */
const fewestHeld = 10;

/**
 * Tells photos apart by their bytes. One in both files counts as clean.
 *
 * @throws MedleyError `bad-request` where there is nothing to clean, or too little to learn from or to measure by
 */
export async function sortPhotos(given: GivenCaptions, seed: number): Promise<SortedPhotos> {
  const unreadable = new Map<string, UnreadablePhoto>();
  const distinct = (photos: readonly GivenPhoto[]) =>
    distinctPhotos(photos, (file, error) => unreadable.set(file, { file, error }));
  const clean = await distinct(given.clean);
  const cleanKeys = keysOf(clean);
  const noisy = (await distinct(given.noisy)).filter(({ key }) => !cleanKeys.has(key));
  const noisyKeys = keysOf(noisy);
  if (noisy.length === 0) {
    throw new MedleyError('bad-request', 'None of the noisy photos is left: all are clean too.', {
      subject: 'noisy',
    });
  }
  const truth = (await distinct(given.truth)).filter(({ key }) => !cleanKeys.has(key));
  const others = truth.filter(({ key }) => !noisyKeys.has(key));
  const split = splitPhotos(clean, shares, seed);
  const parts =
    others.length > 0
      ? { clean: [...split.train, ...split.heldOut], held: others }
      : { clean: split.train, held: split.heldOut };
  if (parts.clean.length < fewestPhotos) {
    throw new MedleyError(
      'bad-request',
      `Only ${parts.clean.length} photos with clean captions are left to learn from: ${fewestPhotos} or more are needed.`,
      { subject: 'clean' },
    );
  }
  if (parts.held.length < fewestHeld) {
    throw new MedleyError(
      'bad-request',
      `Only ${parts.held.length} photos are left to measure by: give more clean captions, or those of other photos with --truth.`,
      { subject: 'truth' },
    );
  }
  return {
    ...parts,
    validation: split.validation,
    noisy,
    truth: truth.filter(({ key }) => noisyKeys.has(key)),
    unreadable: [...unreadable.values()],
  };
}

function keysOf(photos: readonly TrainingPhoto[]): ReadonlySet<string> {
  return new Set(photos.map(({ key }) => key));
}
