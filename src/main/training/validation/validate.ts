import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { OpenedTraining, PlacedPhoto } from '../opened-training.ts';
import { measuredPhotos, modelWith, type TrainedModel } from '../trained-model.ts';
import type { EpochScore } from '../training-state.ts';
import { measures, validationScore } from './measures.ts';
import { scorePhotos, type PhotoScores } from './photo-scores.ts';

export interface ValidateOptions {
  readonly photos: readonly PlacedPhoto[];
  /** How many candidates of each caption are re-ranked; 0 for none. */
  readonly rerank: number;
  readonly onBatch?: () => void;
}

/** The scores of photos by the model with these values of what is trained; none for the model as it was. */
export async function scoreValues(
  opened: TrainedModel & Pick<OpenedTraining, 'patches'>,
  values: ReadonlyMap<string, WrittenTensor>,
  { photos, rerank, onBatch }: ValidateOptions,
): Promise<PhotoScores[]> {
  const model = await modelWith(opened, values);
  try {
    return await scorePhotos(model, await measuredPhotos(opened, photos, values), {
      rerank,
      // The same captions of other photos for every model.
      random: seededRandom(opened.recipe.seed, 3),
      ...(onBatch !== undefined && { onBatch }),
    });
  } finally {
    await model.dispose();
  }
}

/** What an epoch came to. */
export function epochScore(
  epoch: number,
  { recipe }: Pick<OpenedTraining, 'recipe'>,
  photos: readonly PhotoScores[],
): EpochScore {
  const known = measures.flatMap(({ name, of }): [string, number][] => {
    const value = of(photos);
    return value === null ? [] : [[name, value]];
  });
  return {
    epoch,
    score: validationScore(recipe.objective, photos),
    measures: Object.fromEntries(known),
  };
}
