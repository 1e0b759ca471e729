import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '#main/files/make-folder.ts';
import { lockFile } from '#main/files/process-lock.ts';
import type { AdapterCard } from '#main/med/adapter/adapter-card.ts';
import { adapterFile } from '#main/med/adapter/trained-model.ts';
import type { DeviceStatus } from '#shared/schemas/model.ts';
import { MedleyError } from '#shared/errors.ts';
import { removeFeatures } from './data/photo-features.ts';
import { TEMPERATURE } from './graphs/matching-losses.ts';
import {
  openTraining,
  type OpenedTraining,
  type OpenOptions,
  type UnreadablePhoto,
} from './opened-training.ts';
import { rolesOf } from './recipe.ts';
import { bestFile, stateFile, TrainingRun, type RunOptions } from './training-run.ts';
import { readTensors, type EpochScore } from './training-state.ts';
import { writeAdapter } from './adapter-writer.ts';
import { decideAdoption, type Adoption } from './validation/adoption.ts';
import { scoreValues } from './validation/validate.ts';

/** Captions of a photo re-ranked among this many. */
const rerankDepth = 8;

export type TrainOptions = OpenOptions & RunOptions;

/** What came of a training. */
export interface Outcome {
  /** Absolute path of the adapter. */
  readonly file: string;
  readonly card: AdapterCard;
  readonly device: DeviceStatus;
  /** By epoch, on the photos for validation; the untrained model is epoch 0. */
  readonly epochs: readonly EpochScore[];
  readonly unreadable: readonly UnreadablePhoto[];
}

/**
 * Fine-tunes a model on captioned photos and compares it with what it was, on photos kept from
 * training: BLIP's losses (section 3.2) with a frozen image encoder, by graphs of gradients. Leaves
 * an adapter in the folder, better or not: `card.better` says which. When the signal is aborted, or
 * the process dies, `resume` goes on to the same result.
 *
 * @throws MedleyError `bad-request` where nothing can be learnt, `training-diverged`, `model-busy` where
 *   another process trains in the folder, `disk-full`, `folder-read-only`, `device-unavailable`; the
 *   signal's reason
 */
export async function train(options: TrainOptions): Promise<Outcome> {
  const { folder } = options;
  await makeFolder(folder);
  const lock = await lockFile(join(folder, 'training.lock'), (holder) => {
    return new MedleyError('model-busy', `${folder}: ${holder} is training there.`, {
      subject: folder,
    });
  });
  try {
    const opened = await openTraining(options);
    try {
      return await trainOpened(opened, options);
    } finally {
      await opened.patches.close();
    }
  } finally {
    await lock.release();
  }
}

async function trainOpened(opened: OpenedTraining, options: TrainOptions): Promise<Outcome> {
  const { folder } = options;
  const run = await TrainingRun.open(opened, options);
  try {
    await run.finish();
  } finally {
    await run.release();
  }
  const card = await compare(opened, options, run.scores);
  const values = await readTensors(join(folder, bestFile));
  values.delete(TEMPERATURE);
  const file = join(folder, adapterFile);
  await writeAdapter(file, values, card);
  if (options.featuresFolder === undefined) await removeFeatures(folder);
  for (const name of [stateFile, bestFile]) await rm(join(folder, name), { force: true });
  const { device, unreadable } = opened;
  return { file, card, device, epochs: run.scores, unreadable };
}

const uncompared: Adoption = {
  adopted: false,
  reason: 'No photos were kept to compare it on.',
  ...{ better: [], worse: [], unsure: [] },
  scores: [],
};

/** Compares the best epoch with the model as it was. */
async function compare(
  opened: OpenedTraining,
  { folder, signal, onProgress }: TrainOptions,
  epochs: readonly EpochScore[],
): Promise<AdapterCard> {
  const { recipe, checkpoint, train: learnt, validation, heldOut } = opened;
  const values = await readTensors(join(folder, bestFile));
  const score = (of: typeof values, done: number) => {
    onProgress({
      stage: 'comparison',
      done,
      total: 2,
      losses: {},
      scores: epochs,
      secondsLeft: null,
    });
    const onBatch = () => signal?.throwIfAborted();
    return scoreValues(opened, of, { photos: heldOut, rerank: rerankDepth, onBatch });
  };
  const { adopted, reason, scores } =
    heldOut.length === 0
      ? uncompared
      : decideAdoption(recipe.objective, await score(new Map(), 0), await score(values, 1));
  const all = [...learnt, ...validation, ...heldOut].map(([, photo]) => photo);
  return {
    format: 'medley-adapter',
    version: 1,
    base: checkpoint.id,
    roles: rolesOf[recipe.objective],
    trainable: recipe.trainable,
    lora: recipe.trainable === 'lora' ? { rank: recipe.lora.rank, alpha: recipe.lora.alpha } : null,
    recipe: { ...recipe },
    data: {
      photos: all.length,
      captions: all.reduce((sum, { captions }) => sum + captions.length, 0),
      train: learnt.length,
      validation: validation.length,
      heldOut: heldOut.length,
    },
    scores: [...scores],
    better: adopted,
    reason,
  };
}
