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
import type { PatchBatch } from './batch-feeds.ts';
import { captionStep, matchingStep, type BatchStepOptions } from './batch-steps.ts';
import type { Pair } from './data/pairs.ts';
import { EmbeddingQueue } from './embedding-queue.ts';
import { adamDefaults } from './graphs/adam-update.ts';
import { initialValues } from './parameters/initial-values.ts';
import type { TrainableSet } from './parameters/trainable-set.ts';
import { lossesOf, recipeFor, rolesOf, type Objective, type Recipe } from './recipe.ts';
import { TrainingGraphs } from './training-graphs.ts';

/** Steps of one kind of training: the gradients of a batch and the update. */
export interface TrainingRate {
  readonly objective: Objective;
  readonly trainable: TrainableSet;
  /** Pairs of a photo and a caption a step. */
  readonly batch: number;
  /** Numbers that are trained. */
  readonly trained: number;
  /** Of the median step. */
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
  const { batch, seconds, onProgress } = options;
  const memory = await memoryMeter();
  const checkpoint = await openCheckpoint(options.modelFolder);
  const device = await chooseDevice({ requested: options.device, dtype: 'f32' }, probeModels());
  onProgress?.('loading');
  const patches = await noiseFeatures(checkpoint, device, batch);
  const rates: TrainingRate[] = [];
  for (const objective of options.objectives.filter((each) => isPossible(checkpoint, each))) {
    for (const trainable of options.trainable) {
      onProgress?.(`${objective}, ${trainable}`);
      const recipe = recipeFor(objective, trainable, { batch });
      const graphs = await openGraphs(checkpoint, device, recipe);
      try {
        const step = stepOf(checkpoint, recipe, graphs, patches);
        const milliseconds = await medianMs(step, seconds);
        const trained = graphs.parameters.reduce(
          (sum, { shape }) => sum + (elementCount(shape) ?? 0),
          0,
        );
        rates.push({ objective, trainable, batch, trained, milliseconds });
        await memory.sample();
      } finally {
        await graphs.release();
      }
    }
  }
  return { model: checkpoint.id, device, rates, ...memory.peaks() };
}

function isPossible({ roles }: Checkpoint, objective: Objective): boolean {
  return rolesOf[objective].every((role) => roles[modelRoleOf[role]]);
}

async function noiseFeatures(
  checkpoint: Checkpoint,
  device: DeviceStatus,
  batch: number,
): Promise<PatchBatch> {
  const model = await graphModel(checkpoint, device);
  try {
    const input = preprocess(model, noisePicture(512, 512));
    const [{ features }] = await model.embedImages([input]);
    const one = Float32Array.from(patchNumbers(features));
    const data = new Float32Array(batch * one.length);
    for (let photo = 0; photo < batch; photo++) data.set(one, photo * one.length);
    return { data, photos: batch, width: checkpoint.config.vision_config.hidden_size };
  } finally {
    await model.dispose();
  }
}

async function openGraphs(
  checkpoint: Checkpoint,
  { provider }: DeviceStatus,
  recipe: Recipe,
): Promise<TrainingGraphs> {
  const { objective, smoothing, weightDecay, maxNorm, momentum } = recipe;
  const graphs = await TrainingGraphs.open({
    source: checkpoint,
    losses: lossesOf[objective],
    adaptation: recipe,
    smoothing,
    adam: { ...adamDefaults, weightDecay, maxNorm, momentum },
    provider,
  });
  graphs.begin(initialValues(graphs.parameters, checkpoint, { seed: 1, temperature }));
  return graphs;
}

function stepOf(
  { config, vocabulary }: Checkpoint,
  { objective, batch: size, length, queue, alpha, rate, imageBlocks }: Recipe,
  graphs: TrainingGraphs,
  patches: PatchBatch,
): () => Promise<void> {
  const batch: Pair[] = Array.from({ length: size }, (_, photo) => ({
    photo,
    // Another text of each photo, or none would be a negative of another.
    caption: `${caption} ${'abcdefghijklmnopqrstuvwxyz'[photo % 26]}${Math.floor(photo / 26)}`,
  }));
  const options: BatchStepOptions = {
    graphs,
    tokens: {
      tokenizer: createTokenizer(vocabulary),
      prompt: config.generation.prompt,
      length: Math.min(length, config.text_config.max_position_embeddings),
    },
    queue: new EmbeddingQueue(queue, config.projection_size),
    random: seededRandom(1, 0),
    imageBlocks,
    alpha,
  };
  const losses = lossesOf[objective];
  let step = 0;
  return async () => {
    step += 1;
    if (losses.includes('itc')) await matchingStep(batch, patches, options);
    if (losses.includes('lm')) await captionStep(batch, patches, options);
    await graphs.step({ rate, step, batches: 1 });
  };
}
