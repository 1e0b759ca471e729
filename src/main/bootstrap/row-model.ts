import type { Circle } from './circle.ts';
import { epochsFor, stepsOf } from './equal-steps.ts';
import { taughtPhotos, type RowText, type TunedModels } from './row-texts.ts';
import { rows, type RowName } from './rows.ts';
import { trained, type Trained } from './trained.ts';

/**
 * What learns from the texts of a row, by all three objectives as in the paper's pre-training. Each row takes about
 * as many steps as the noisy set takes in the epochs of the recipe: else a larger set would have more of them.
 */
export async function rowModel(
  circle: Circle,
  name: RowName,
  texts: readonly RowText[],
  models: TunedModels,
): Promise<Trained> {
  if (name === 'clean') return (await models.shared()).filter;
  const { clean, noisy } = circle.photos;
  const { batch, epochs: given } = circle.options.recipe;
  const photos = taughtPhotos(clean, texts);
  const epochs = epochsFor(photos, batch, given * stepsOf([...clean, ...noisy], batch));
  return trained(circle, {
    folder: `trained/${name}`,
    doing: `training on: ${rows[name].title}`,
    objective: 'all',
    photos,
    // All of them: rows of short epochs would be stopped sooner.
    change: { epochs, patience: epochs },
  });
}
