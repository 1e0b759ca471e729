import type { Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { elementCount } from '#main/onnx/shape.ts';
import type { DeviceStatus } from '#shared/schemas/model.ts';
import type { Pair } from './data/pairs.ts';
import { initialValues } from './parameters/initial-values.ts';
import { adamOf, lossesOf, type Recipe } from './recipe.ts';
import { runFeeds } from './step-feeds.ts';
import { TrainingSession } from './training-session.ts';

export interface BenchRunOptions {
  readonly checkpoint: Checkpoint;
  readonly device: DeviceStatus;
  readonly recipe: Recipe;
  /** Of the photos of a run's batches, end to end. */
  readonly patches: Float32Array;
  readonly stepsPerRun: number;
  /** Path, without its end, of a profile to write. */
  readonly profile?: string;
}

/** A training that is measured. */
export interface BenchRun {
  /** Numbers that are trained. */
  readonly trained: number;
  /** Takes the steps of a run, all by the same captions. */
  readonly run: () => Promise<void>;
  readonly endProfile: () => void;
  readonly release: () => Promise<void>;
}

const caption = 'two people walk a brown dog along a sandy beach';
const temperature = 0.07;

/** @throws MedleyError `device-unavailable` when the device cannot run the graph */
export async function openBenchRun(options: BenchRunOptions): Promise<BenchRun> {
  const { checkpoint, device, recipe, patches, stepsPerRun, profile } = options;
  const { objective, batch: size, length, alpha, rate, smoothing, queue } = recipe;
  const adam = adamOf(recipe);
  const losses = lossesOf[objective];
  const session = await TrainingSession.open({
    source: checkpoint,
    losses,
    adaptation: recipe,
    smoothing,
    queue,
    accumulation: 1,
    adam,
    dtype: recipe.dtype,
    provider: device.provider,
    profile,
  });
  const { parameters } = session;
  session.begin(initialValues(parameters, checkpoint, { seed: 1, temperature }));
  const { config, vocabulary } = checkpoint;
  const batch: Pair[] = Array.from({ length: size }, (_, photo) => ({
    photo,
    // Another text of each photo, or none would be a negative of another.
    caption: `${caption} ${'abcdefghijklmnopqrstuvwxyz'[photo % 26]}${Math.floor(photo / 26)}`,
  }));
  const tokens = {
    tokenizer: createTokenizer(vocabulary),
    prompt: config.generation.prompt,
    length: Math.min(length, config.text_config.max_position_embeddings),
  };
  const random = seededRandom(1, 0);
  let number = 0;
  return {
    trained: parameters.reduce((sum, { shape }) => sum + (elementCount(shape) ?? 0), 0),
    run: async () => {
      const steps = Array.from({ length: stepsPerRun }, () => ({ rate, alpha, number: ++number }));
      const batches = steps.map(() => batch);
      const width = config.vision_config.hidden_size;
      const run = { steps, batches, patches, width };
      await session.run(runFeeds(run, { losses, tokens, adam, random }));
    },
    endProfile: () => session.endProfile(),
    release: () => session.release(),
  };
}
