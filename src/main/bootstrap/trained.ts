import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { adapterFile } from '#main/med/adapter/trained-model.ts';
import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import type { GivenPhoto } from '#main/training/data/training-photos.ts';
import type { TrainedModel } from '#main/training/trained-model.ts';
import { Recipe, type Objective } from '#main/training/recipe.ts';
import { train } from '#main/training/train.ts';
import { readTensors } from '#main/training/training-state.ts';
import type { Circle } from './circle.ts';

/** A training of the circle. */
export interface Lesson {
  /** In that of the bootstrap. */
  readonly folder: string;
  /** For people. */
  readonly doing: string;
  readonly objective: Objective;
  readonly photos: readonly GivenPhoto[];
  /** What of the recipe is its own. */
  readonly change?: Partial<Recipe>;
}

/** What a model is made of. */
export interface Trained extends TunedModel {
  /** Absolute path of its adapter. */
  readonly file: string;
}

/** A base and what is changed of it. */
export interface TunedModel extends TrainedModel {
  /** Of the weights that were trained. */
  readonly values: ReadonlyMap<string, WrittenTensor>;
}

/** What may be lost of a training when the process is killed. */
const checkpointSeconds = 120;

/**
 * Trains from the base, goes on with what was put down, or takes what lies in its folder already. The photos for
 * validation are the same for every training, and none are compared on: that is done for all of them at the end.
 */
export async function trained(circle: Circle, lesson: Lesson): Promise<Trained> {
  const { options, checkpoint, device, photos } = circle;
  const folder = join(options.folder, lesson.folder);
  const file = join(folder, adapterFile);
  const recipe = Recipe.parse({
    ...options.recipe,
    objective: lesson.objective,
    ...lesson.change,
  });
  if (!existsSync(file)) {
    await train({
      modelFolder: options.modelFolder,
      device: options.device,
      photos: lesson.photos,
      validation: photos.validation,
      loadPixels: options.loadPixels,
      folder,
      featuresFolder: options.folder,
      recipe,
      resume: true,
      checkpointSeconds,
      signal: options.signal,
      onProgress: (training) => {
        const { done, total } = training;
        options.onProgress({ doing: lesson.doing, done, total, training });
      },
    });
  }
  return { checkpoint, device, recipe, file, values: await readTensors(file) };
}
