import { join } from 'node:path';
import { openAdapter } from '#main/med/adapter/adapter-file.ts';
import { writeAdapter } from '#main/training/adapter-writer.ts';
import { decideAdoption } from '#main/training/validation/adoption.ts';
import type { PhotoScores } from '#main/training/validation/photo-scores.ts';
import type { Circle } from './circle.ts';
import type { Trained } from './trained.ts';

/**
 * Writes what was trained on the cleaned set as an adapter whose card says what it is worth beside its base.
 *
 * @param before scores of the base on the photos that nothing learnt from, `after` those of the adapter
 * @returns its file
 */
export async function writeFinalAdapter(
  { options, photos }: Circle,
  { values, recipe, file: trainedFile }: Trained,
  { before, after }: Readonly<Record<'before' | 'after', readonly PhotoScores[]>>,
): Promise<string> {
  const { card } = await openAdapter(trainedFile);
  const { adopted, reason, scores } = decideAdoption(recipe.objective, before, after);
  const captions = photos.held.reduce((sum, photo) => sum + photo.captions.length, 0);
  const file = join(options.folder, `${recipe.objective}.safetensors`);
  await writeAdapter(file, values, {
    ...card,
    data: {
      ...card.data,
      photos: card.data.photos + photos.held.length,
      captions: card.data.captions + captions,
      heldOut: photos.held.length,
    },
    scores: [...scores],
    better: adopted,
    reason,
  });
  return file;
}
