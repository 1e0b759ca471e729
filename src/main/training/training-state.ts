import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '#main/files/write-whole.ts';
import { parseJson, parseSettings } from '#main/med/checkpoint/config.ts';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import { readMetadata, readTensorIndex } from '#main/med/formats/safetensors.ts';
import { safetensorsBytes, type WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import { MedleyError } from '#shared/errors.ts';

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
 *   training than the one meant
 */
export async function readState(file: string, digest: string): Promise<TrainingState | null> {
  if ((await stat(file).catch(() => null)) === null) return null;
  const text = (await readMetadata(file))[PROGRESS] ?? 'null';
  const progress = parseSettings(Progress, parseJson(text, file), file);
  if (progress.digest !== digest) {
    throw new MedleyError(
      'bad-request',
      `${file}: the training begun there had other photos, captions, settings or another model. Go on with the same, or start anew in another folder.`,
      { subject: file },
    );
  }
  return { progress, tensors: await readTensors(file) };
}

/** All tensors of a file. */
export async function readTensors(file: string): Promise<Map<string, WrittenTensor>> {
  const index = await readTensorIndex(file);
  return new Map(
    [...index].map(([name, tensor]) => [name, { shape: tensor.shape, data: readTensor(tensor) }]),
  );
}
