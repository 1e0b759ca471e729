import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { adamDefaults } from '#main/training/graphs/adam-update.ts';
import type { Loss } from '#main/training/graphs/training-graph.ts';
import { initialValues } from '#main/training/parameters/initial-values.ts';
import type { Adaptation } from '#main/training/parameters/trainable-set.ts';
import { alphaAt, rateAt } from '#main/training/schedule.ts';
import { runFeeds } from '#main/training/step-feeds.ts';
import { mostStepsOf } from '#main/training/steps-per-run.ts';
import { TrainingSession } from '#main/training/training-session.ts';
import { readTensors } from '#main/training/training-state.ts';
import type { Provider } from '#shared/schemas/model.ts';
import { tinyModel } from './tiny-training.ts';

/** Written by tools/reference/training_curve.py. */
const folder = join(import.meta.dirname, '../fixtures/training-curve');

const Step = z.object({
  lm: z.number(),
  itc: z.number().optional(),
  itm: z.number().optional(),
  norm: z.number(),
  /** Text row, photo row, and whether they match. */
  pairs: z.array(z.tuple([z.number(), z.number(), z.number()])).nullable(),
});
export type CurveStep = z.infer<typeof Step>;
const Curve = z.object({
  recipe: z.object({
    warmUp: z.number(),
    weightDecay: z.number(),
    maxNorm: z.number(),
    smoothing: z.number(),
    momentum: z.number(),
    queue: z.number(),
    alpha: z.number(),
    alphaSteps: z.number(),
    temperature: z.number(),
  }),
  rates: z.object({ text: z.number(), lora: z.number() }),
  lora: z.object({ rank: z.number(), alpha: z.number(), targets: z.array(z.string()) }),
  batches: z.array(z.array(z.tuple([z.number(), z.string()]))),
  text: z.array(Step),
  loraSteps: z.array(Step),
  /** With the last block of the image encoder, which takes the features then. */
  imageText: z.array(Step),
  imageLora: z.array(Step),
});
export const curve = Curve.parse(JSON.parse(readFileSync(join(folder, 'curve.json'), 'utf8')));

/** Steps that one run takes. */
const mostSteps = 5;

/** Noise by which nothing but these are drawn: the column of each row. */
function noiseFor(wanted: readonly number[], rows: number): number[] {
  return wanted.flatMap((drawn) =>
    Array.from({ length: rows }, (_, column) => (column === drawn ? 0 : -1e30)),
  );
}

/** What makes the graph draw the negatives that PyTorch drew. */
function drawnLike(steps: readonly CurveStep[], rows: number): Record<string, Tensor> {
  const pairs = steps.map((step) => step.pairs ?? []);
  const photos = pairs.flatMap((all) =>
    noiseFor(
      all.slice(rows, 2 * rows).map((p) => p[1]),
      rows,
    ),
  );
  const texts = pairs.flatMap((all) =>
    noiseFor(
      all.slice(2 * rows).map((p) => p[0]),
      rows,
    ),
  );
  const noise = (values: number[]) =>
    new Tensor('float32', Float32Array.from(values), [steps.length, rows, rows]);
  return { 'noise/photos': noise(photos), 'noise/texts': noise(texts) };
}

/** What came of the same training here. */
export interface Repeated {
  /** Losses by objective, and the gradient's `norm`. */
  readonly steps: Record<string, number>[];
  /** What the last step left, by name. */
  readonly state: ReadonlyMap<string, Float32Array>;
}

/** Takes the first steps of the curve again, as many as are expected. */
export async function repeatCurve(
  trainable: 'text' | 'lora',
  losses: readonly Loss[],
  expected: readonly CurveStep[],
  provider: Provider,
  imageBlocks = 0,
): Promise<Repeated> {
  const { recipe } = curve;
  const checkpoint = await openCheckpoint(tinyModel);
  const tensors = await readTensors(join(folder, 'curve.safetensors'));
  const features = tensors.get('features');
  if (features === undefined) throw new Error('the fixture lacks features');
  const adam = { ...adamDefaults, ...recipe };
  const adaptation: Adaptation = { trainable, lora: curve.lora, imageBlocks };
  const session = await TrainingSession.open({
    source: checkpoint,
    losses,
    adaptation,
    smoothing: recipe.smoothing,
    queue: recipe.queue,
    accumulation: 1,
    adam,
    dtype: 'f32',
    provider,
  });
  const start = initialValues(session.parameters, checkpoint, { seed: 1, ...recipe });
  const given = [...tensors].filter(([name]) => start.has(name));
  session.begin(new Map([...start, ...given.map(([name, { data }]) => [name, data] as const)]));
  const schedule = {
    peak: curve.rates[trainable],
    warmUp: recipe.warmUp,
    total: (imageBlocks === 0 ? curve.text : curve.imageText).length,
  };
  const size = features.data.length / features.shape[0];
  const found: Record<string, number>[] = [];
  const stepsPerRun = Math.min(mostSteps, mostStepsOf(provider));
  for (let first = 0; first < expected.length; first += stepsPerRun) {
    const count = Math.min(stepsPerRun, expected.length - first);
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    const batches = numbers.map((step) =>
      curve.batches[step].map(([photo, caption]) => ({ photo, caption })),
    );
    const photos = batches.flat().map(({ photo }) => photo);
    const patches = new Float32Array(photos.length * size);
    photos.forEach((photo, row) => {
      patches.set(features.data.subarray(photo * size, (photo + 1) * size), row * size);
    });
    const steps = numbers.map((step) => ({
      rate: rateAt(schedule, step),
      alpha: alphaAt(recipe.alpha, step, recipe.alphaSteps),
      number: step + 1,
    }));
    const feeds = runFeeds(
      { steps, batches, patches, width: features.shape[2] },
      {
        losses,
        tokens: { tokenizer: createTokenizer(checkpoint.vocabulary), prompt: '', length: 24 },
        adam,
        random: seededRandom(1, 0),
      },
    );
    const drawn = losses.includes('itm')
      ? drawnLike(
          numbers.map((step) => expected[step]),
          batches[0].length,
        )
      : {};
    const results = await session.run({ ...feeds, ...drawn });
    for (const { losses: each, norm } of results) found.push({ ...each, norm });
  }
  const { tensors: last } = await session.snapshot();
  await session.release();
  return { steps: found, state: new Map([...last].map(([name, { data }]) => [name, data])) };
}
