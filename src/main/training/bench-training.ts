import { medianMs } from '#main/evaluation/median-ms.ts';
import { memoryMeter, type MemoryPeaks } from '#main/evaluation/memory-meter.ts';
import { noisePicture } from '#main/evaluation/noise-picture.ts';
import { modelRoleOf } from '#main/med/adapter/adapter-card.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { probeModels } from '#main/med/graphs/probe.ts';
import { patchNumbers } from '#main/med/model/features.ts';
import { graphModel } from '#main/med/model/load.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { elementCount } from '#main/onnx/shape.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import type { DeviceChoice, DeviceStatus } from '#shared/schemas/model.ts';
import type { Pair } from './data/pairs.ts';
import { adamDefaults, type AdamSettings } from './graphs/adam-update.ts';
import { initialValues } from './parameters/initial-values.ts';
import type { TrainableSet } from './parameters/trainable-set.ts';
import { lossesOf, recipeFor, rolesOf, type Objective, type Recipe } from './recipe.ts';
import { runFeeds } from './step-feeds.ts';
import { TrainingSession } from './training-session.ts';

/** Steps of one kind of training: the gradients of a batch and the update. */
export interface TrainingRate {
  readonly objective: Objective;
  readonly trainable: TrainableSet;
  /** Pairs of a photo and a caption a step. */
  readonly batch: number;
  /** Numbers that are trained. */
  readonly trained: number;
  /** Of a step in the median run. */
  readonly milliseconds: number;
}

export interface TrainingBench extends MemoryPeaks {
  readonly model: string;
  readonly device: DeviceStatus;
  readonly rates: readonly TrainingRate[];
}

export interface TrainingBenchOptions {
  readonly modelFolder: string;
  readonly device: DeviceChoice;
  readonly objectives: readonly Objective[];
  readonly trainable: readonly TrainableSet[];
  readonly batch: number;
  readonly stepsPerRun: number;
  /** How long each figure is measured. */
  readonly seconds: number;
  readonly onProgress?: (figure: string) => void;
}

const caption = 'two people walk a brown dog along a sandy beach';
const temperature = 0.07;

/**
 * Measures steps of training with the image encoder frozen: its features of a picture of noise lie in
 * memory, as those of a photo do while a training runs. The PyTorch counterpart is
 * `tools/bench/pytorch_train.py`. What a model has no part for is left out.
 */
export async function benchTraining(options: TrainingBenchOptions): Promise<TrainingBench> {
  const { batch, seconds, stepsPerRun, onProgress } = options;
  const memory = await memoryMeter();
  const checkpoint = await openCheckpoint(options.modelFolder);
  const device = await chooseDevice({ requested: options.device, dtype: 'f32' }, probeModels());
  onProgress?.('loading');
  const patches = await noiseFeatures(checkpoint, device, batch * stepsPerRun);
  const rates: TrainingRate[] = [];
  for (const objective of options.objectives.filter((each) => isPossible(checkpoint, each))) {
    for (const trainable of options.trainable) {
      onProgress?.(`${objective}, ${trainable}`);
      const recipe = recipeFor(objective, trainable, { batch });
      const session = await openSession(checkpoint, device, recipe);
      try {
        const { parameters } = session;
        session.begin(initialValues(parameters, checkpoint, { seed: 1, temperature }));
        const run = runOf(checkpoint, recipe, session, patches, stepsPerRun);
        const milliseconds = (await medianMs(run, seconds)) / stepsPerRun;
        const trained = parameters.reduce((sum, { shape }) => sum + (elementCount(shape) ?? 0), 0);
        rates.push({ objective, trainable, batch, trained, milliseconds });
        await memory.sample();
      } finally {
        await session.release();
      }
    }
  }
  return { model: checkpoint.id, device, rates, ...memory.peaks() };
}

function isPossible({ roles }: Checkpoint, objective: Objective): boolean {
  return rolesOf[objective].every((role) => roles[modelRoleOf[role]]);
}

/** Features of a picture of noise, as those of so many photos. */
async function noiseFeatures(
  checkpoint: Checkpoint,
  device: DeviceStatus,
  photos: number,
): Promise<Float32Array> {
  const model = await graphModel(checkpoint, device);
  try {
    const input = preprocess(model, noisePicture(512, 512));
    const [{ features }] = await model.embedImages([input]);
    const one = Float32Array.from(patchNumbers(features));
    const data = new Float32Array(photos * one.length);
    for (let photo = 0; photo < photos; photo++) data.set(one, photo * one.length);
    return data;
  } finally {
    await model.dispose();
  }
}

function openSession(
  checkpoint: Checkpoint,
  { provider }: DeviceStatus,
  recipe: Recipe,
): Promise<TrainingSession> {
  const { objective, smoothing, queue } = recipe;
  return TrainingSession.open({
    source: checkpoint,
    losses: lossesOf[objective],
    adaptation: recipe,
    smoothing,
    queue,
    accumulation: 1,
    adam: adamOf(recipe),
    provider,
  });
}

function adamOf({ weightDecay, maxNorm, momentum }: Recipe): AdamSettings {
  return { ...adamDefaults, weightDecay, maxNorm, momentum };
}

/** Takes so many steps in one run, by the same captions. */
function runOf(
  { config, vocabulary }: Checkpoint,
  recipe: Recipe,
  session: TrainingSession,
  patches: Float32Array,
  count: number,
): () => Promise<void> {
  const { objective, batch: size, length, alpha, rate } = recipe;
  const batch: Pair[] = Array.from({ length: size }, (_, photo) => ({
    photo,
    // Another text of each photo, or none would be a negative of another.
    caption: `${caption} ${'abcdefghijklmnopqrstuvwxyz'[photo % 26]}${Math.floor(photo / 26)}`,
  }));
  const options = {
    losses: lossesOf[objective],
    tokens: {
      tokenizer: createTokenizer(vocabulary),
      prompt: config.generation.prompt,
      length: Math.min(length, config.text_config.max_position_embeddings),
    },
    adam: adamOf(recipe),
    random: seededRandom(1, 0),
  };
  let number = 0;
  return async () => {
    const steps = Array.from({ length: count }, () => ({ rate, alpha, number: ++number }));
    const batches = steps.map(() => batch);
    const width = config.vision_config.hidden_size;
    await session.run(runFeeds({ steps, batches, patches, width }, options));
  };
}
