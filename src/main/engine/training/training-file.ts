import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '#main/files/json-file.ts';
import { Recipe } from '#main/training/recipe.ts';
import { DeviceChoice } from '#shared/schemas/model.ts';
import { TrainingReport } from '#shared/schemas/training.ts';

/** What a training is to do: the same from its start to its end, so that it goes on to the same result. */
export const TrainingJob = z.object({
  /** Checkpoint folder of the model that learns. */
  modelFolder: z.string(),
  /** What people call that model. */
  modelName: z.string(),
  device: DeviceChoice,
  recipe: Recipe,
  /** Photos as they were when it began. */
  photos: z.array(
    z.object({ file: z.string(), captions: z.array(z.string()), key: z.string().optional() }),
  ),
});
export type TrainingJob = z.infer<typeof TrainingJob>;

/** `paused`: a person did that, or it stopped for a reason that passes. */
export const TrainingState = z.enum(['running', 'paused', 'done', 'failed']);
export type TrainingState = z.infer<typeof TrainingState>;

/** Its name in the folder of a training. */
export const trainingFile = 'training.json';

/** What `training.json` holds of the training under way, or the last one; null where there is none. */
export const TrainingFile = z
  .object({
    state: TrainingState,
    /** Why it failed or stands still. */
    error: z.string().nullable(),
    job: TrainingJob,
    report: TrainingReport,
  })
  .nullable();
export type TrainingFile = z.infer<typeof TrainingFile>;

/** @throws MedleyError `file-unreadable` where it is damaged */
export function readTraining(folder: string): Promise<TrainingFile> {
  return readJsonFile(join(folder, trainingFile), TrainingFile, null);
}
