import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import {
  captionStep,
  contrastiveStep,
  pairsStep,
  type BatchStepOptions,
} from '#main/training/batch-steps.ts';
import { EmbeddingQueue } from '#main/training/embedding-queue.ts';
import { adamDefaults } from '#main/training/graphs/adam-update.ts';
import type { Loss } from '#main/training/graphs/objective-graphs.ts';
import { initialValues } from '#main/training/parameters/initial-values.ts';
import type { Adaptation } from '#main/training/parameters/trainable-set.ts';
import { alphaAt, rateAt } from '#main/training/schedule.ts';
import { TrainingGraphs } from '#main/training/training-graphs.ts';
import { readTensors } from '#main/training/training-state.ts';
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
const curve = Curve.parse(JSON.parse(readFileSync(join(folder, 'curve.json'), 'utf8')));

/** The losses and gradient norms of the same training here. */
async function train(
  trainable: 'text' | 'lora',
  losses: Loss[],
  expected: z.infer<typeof Step>[],
  imageBlocks: number,
) {
  const { recipe } = curve;
  const checkpoint = await openCheckpoint(tinyModel);
  const { config } = checkpoint;
  const tensors = await readTensors(join(folder, 'curve.safetensors'));
  const features = tensors.get('features');
  if (features === undefined) throw new Error('the fixture lacks features');
  const adaptation: Adaptation = { trainable, lora: curve.lora, imageBlocks };
  const graphs = await TrainingGraphs.open({
    source: checkpoint,
    losses,
    adaptation,
    smoothing: recipe.smoothing,
    adam: { ...adamDefaults, ...recipe },
    provider: 'cpu',
  });
  const start = initialValues(graphs.parameters, checkpoint, { seed: 1, ...recipe });
  const given = [...tensors].filter(([name]) => start.has(name));
  graphs.begin(new Map([...start, ...given.map(([name, { data }]) => [name, data] as const)]));
  const queue = new EmbeddingQueue(recipe.queue, config.projection_size);
  const schedule = { peak: curve.rates[trainable], warmUp: recipe.warmUp, total: expected.length };
  const size = features.data.length / features.shape[0];
  const found: Omit<z.infer<typeof Step>, 'pairs'>[] = [];
  for (const [step, { pairs }] of expected.entries()) {
    const batch = curve.batches[step].map(([photo, caption]) => ({ photo, caption }));
    const data = new Float32Array(batch.length * size);
    batch.forEach(({ photo }, row) => {
      data.set(features.data.subarray(photo * size, (photo + 1) * size), row * size);
    });
    const patches = { data, photos: batch.length, width: features.shape[2] };
    const options: BatchStepOptions = {
      graphs,
      tokens: { tokenizer: createTokenizer(checkpoint.vocabulary), prompt: '', length: 24 },
      queue,
      random: seededRandom(1, 0),
      imageBlocks,
      alpha: alphaAt(recipe.alpha, step, recipe.alphaSteps),
    };
    const { lm = NaN } = await captionStep(batch, patches, options);
    const drawn = pairs?.map(([text, photo, label]) => ({ text, photo, matches: label === 1 }));
    const matching = drawn !== undefined && {
      itc: (await contrastiveStep(batch, patches, options)).loss,
      itm: await pairsStep(drawn, batch, patches, options),
    };
    const norm = await graphs.step({ rate: rateAt(schedule, step), step: step + 1, batches: 1 });
    found.push({ lm, ...matching, norm });
  }
  await graphs.release();
  return found;
}

test.each([
  ['all of the text stack by all three losses', 'text', ['itc', 'itm', 'lm'], curve.text, 0],
  ['low-rank factors by the LM loss', 'lora', ['lm'], curve.loraSteps, 0],
  ['that and an image block, as they are', 'text', ['itc', 'itm', 'lm'], curve.imageText, 1],
  ['that and an image block, by low-rank factors', 'lora', ['lm'], curve.imageLora, 1],
] as const)(
  '%s: all steps lose what they lose in PyTorch',
  async (_, trainable, losses, expected, imageBlocks) => {
    expect(expected.length).toBe(imageBlocks === 0 ? 50 : 15);
    const found = await train(trainable, [...losses], expected, imageBlocks);
    expect(found).toHaveLength(expected.length);
    for (const [step, there] of expected.entries()) {
      for (const name of [...losses, 'norm'] as const) {
        const [here, value] = [found[step][name] ?? NaN, there[name] ?? NaN];
        const difference = Math.abs(here - value) / value;
        if (name !== 'norm') expect(difference, `${name} at step ${step}`).toBeLessThan(0.01);
        if (step === 0) expect(difference, `${name} at first`).toBeLessThan(1e-4);
      }
    }
  },
);
