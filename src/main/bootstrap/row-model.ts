import { z } from 'zod';
import type { Circle } from './circle.ts';
import { epochsFor, stepsOf } from './equal-steps.ts';
import { taughtPhotos, type RowText, type TunedModels } from './row-texts.ts';
import { rows, type RowName } from './rows.ts';
import { trained, type Trained } from './trained.ts';

/** What is trained on the texts of a row: an adapter each. */
export const RowObjective = z.enum(['captioning', 'retrieval']);
export type RowObjective = z.infer<typeof RowObjective>;

/**
 * What learns from the texts of a row. Each row takes about as many steps as the noisy set takes in the epochs of
 * the recipe: else a larger set would have more of them.
 */
export async function rowModel(
  circle: Circle,
  name: RowName,
  objective: RowObjective,
  texts: readonly RowText[],
  models: TunedModels,
): Promise<Trained> {
  if (name === 'clean') {
    const { captioner, filter } = await models.apart();
    return objective === 'captioning' ? captioner : filter;
  }
  const { clean, noisy } = circle.photos;
  const { batch, epochs: given } = circle.options.recipe;
  const photos = taughtPhotos(clean, texts);
  const epochs = epochsFor(photos, batch, given * stepsOf([...clean, ...noisy], batch));
  return trained(circle, {
    folder: `trained/${name}-${objective}`,
    doing: `training for ${objective} on: ${rows[name].title}`,
    objective,
    photos,
    // All of them: rows of short epochs would be stopped sooner.
    change: { epochs, patience: epochs },
  });
}
