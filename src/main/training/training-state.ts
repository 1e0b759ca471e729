import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '#main/files/write-whole.ts';
import { parseJson, parseSettings } from '#main/med/checkpoint/config.ts';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import { readMetadata, readTensorIndex } from '#main/med/formats/safetensors.ts';
import { safetensorsBytes, type WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import { MedleyError } from '#shared/errors.ts';
import { Recipe } from './recipe.ts';

const words = z.tuple([z.int(), z.int(), z.int(), z.int()]);

/** What an epoch came to on the photos for validation. */
export const EpochScore = z.object({
  epoch: z.int(),
  /** By which epochs are compared; the larger, the better. */
  score: z.number(),
  /** By name. */
  measures: z.record(z.string(), z.number()),
});
export type EpochScore = z.infer<typeof EpochScore>;

/** Where a training stands, but for its tensors. */
export const Progress = z.object({
  /** Of model, photos, captions and recipe: a training goes on with the same alone. */
  digest: z.string(),
  recipe: Recipe,
  /** Steps taken. */
  step: z.int(),
  /** The generator now, and when the present epoch was shuffled. */
  random: words,
  epochRandom: words,
  /** Photos of the queue's embeddings. */
  queue: z.array(z.int()),
  /** Of the epochs so far. */
  scores: z.array(EpochScore),
});
export type Progress = z.infer<typeof Progress>;

/** A training put down, to be taken up again. */
export interface TrainingState {
  readonly progress: Progress;
  readonly tensors: ReadonlyMap<string, WrittenTensor>;
}

const PROGRESS = 'medley_training';

/** @throws MedleyError `disk-full`, `folder-read-only` */
export async function writeState(file: string, state: TrainingState): Promise<void> {
  const metadata = { [PROGRESS]: JSON.stringify(state.progress) };
  await writeWhole(file, safetensorsBytes(state.tensors, metadata));
}

/**
 * Null where there is none.
 *
 * @throws MedleyError `checkpoint-invalid` where it is damaged; `bad-request` where it is of another
 *   training than the one meant, naming the settings that differ
 */
export async function readState(
  file: string,
  { digest, recipe }: Pick<Progress, 'digest' | 'recipe'>,
): Promise<TrainingState | null> {
  if ((await stat(file).catch(() => null)) === null) return null;
  const text = (await readMetadata(file))[PROGRESS] ?? 'null';
  const progress = parseSettings(Progress, parseJson(text, file), file);
  if (progress.digest !== digest) {
    const settings = differences(progress.recipe, recipe);
    const had =
      settings.length > 0
        ? `was begun with ${settings.join(' and ')}. The learning rate falls over all of its epochs, and no setting can change on the way:`
        : 'had other photos, captions or another model:';
    throw new MedleyError(
      'bad-request',
      `${file}: the training there ${had} go on with the same, or start anew in another folder.`,
      { subject: file },
    );
  }
  return { progress, tensors: await readTensors(file) };
}

/** The settings in which two recipes differ, each with its two values. */
function differences(before: Recipe, now: Recipe): string[] {
  const values = new Map(Object.entries(now).map(([name, value]) => [name, JSON.stringify(value)]));
  return Object.entries(before).flatMap(([name, value]) => {
    const [was, is] = [JSON.stringify(value), values.get(name)];
    return was === is ? [] : [`${name} ${was}, not ${is}`];
  });
}

/** All tensors of a file. */
export async function readTensors(file: string): Promise<Map<string, WrittenTensor>> {
  const index = await readTensorIndex(file);
  return new Map(
    [...index].map(([name, tensor]) => [name, { shape: tensor.shape, data: readTensor(tensor) }]),
  );
}
