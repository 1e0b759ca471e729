import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { GivenPhoto } from '#main/training/data/training-photos.ts';
import { recipeFor, type Objective, type Recipe } from '#main/training/recipe.ts';
import type { TrainOptions } from '#main/training/train.ts';
import type { TrainableSet } from '#main/training/parameters/trainable-set.ts';

export const tinyModel = join(import.meta.dirname, '../fixtures/tiny-lite-model');

/** Words that the tiny vocabulary spells. */
const words = 'a big cat dog on the red sofa runs sits with two men and one ball by blue sea'.split(
  ' ',
);

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'medley-training-'));
}

/** Files that stand for photos, each with captions of its own. */
export function tinyPhotos(count: number, captions = 2): GivenPhoto[] {
  const folder = temporaryFolder();
  const random = seededRandom(count, 5);
  const caption = () =>
    Array.from({ length: 4 }, () => words[Math.floor(random() * words.length)]).join(' ');
  return Array.from({ length: count }, (_, i) => {
    const file = join(folder, `photo-${i}.bin`);
    writeFileSync(file, `photo ${i}`);
    return { file, captions: Array.from({ length: captions }, caption) };
  });
}

/** Pixels drawn at random for each file, always the same ones. */
export function pixelsOf(model: MedModel, file: string): Promise<Uint8Array> {
  const number = createHash('sha256').update(file.replace(/^.*-/, '')).digest().readUInt32LE();
  const random = seededRandom(number, 6);
  const side = model.info.imageSize;
  return Promise.resolve(new Uint8Array(side * side * 3).map(() => random() * 256));
}

/** A training of the tiny model in a folder of its own. */
export function tinyTraining(
  objective: Objective,
  trainable: TrainableSet,
  recipe: Partial<Recipe> = {},
): TrainOptions {
  return {
    modelFolder: tinyModel,
    device: 'cpu',
    photos: tinyPhotos(24),
    loadPixels: pixelsOf,
    folder: temporaryFolder(),
    recipe: recipeFor(objective, trainable, { epochs: 2, batch: 8, ...recipe }),
    resume: false,
    checkpointSeconds: 600,
    onProgress: () => {},
  };
}
