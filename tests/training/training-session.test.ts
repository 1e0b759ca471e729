import { expect, test } from 'vitest';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';
import type { Pair } from '#main/training/data/pairs.ts';
import { adamDefaults } from '#main/training/graphs/adam-update.ts';
import type { Loss } from '#main/training/graphs/training-graph.ts';
import { initialValues } from '#main/training/parameters/initial-values.ts';
import { loraDefaults } from '#main/training/recipe.ts';
import { runFeeds } from '#main/training/step-feeds.ts';
import { TrainingSession, type StepResult } from '#main/training/training-session.ts';
import type { FloatType } from '#shared/schemas/model.ts';
import { tinyModel } from './tiny-training.ts';

const checkpoint = await openCheckpoint(tinyModel);
const { hidden_size: width } = checkpoint.config.vision_config;
const tokens = 5;

const batch = (...captions: string[]): Pair[] =>
  captions.map((caption, photo) => ({ photo, caption }));
const short = batch('a dog', 'a cat', 'a ball', 'two men');
const long = batch('a big red dog runs by the blue sea', 'a cat', 'the cat sits', 'one man');

interface Changes {
  /** What the graph is given instead. */
  readonly changes?: Tensors;
  readonly dtype?: FloatType;
  /** Of the loss to begin with, in f16. */
  readonly factor?: number;
}

/**
 * Trains factors on runs of steps, each step a list of batches.
 *
 * @returns what came of every step, and all that is kept, by name
 */
async function train(
  losses: readonly Loss[],
  runs: readonly (readonly Pair[][])[][],
  { changes = {}, dtype = 'f32', factor = 1 }: Changes = {},
) {
  const session = await TrainingSession.open({
    source: checkpoint,
    losses,
    adaptation: { trainable: 'lora', lora: loraDefaults, imageBlocks: 0 },
    smoothing: 0.1,
    queue: 6,
    accumulation: runs[0][0].length,
    adam: adamDefaults,
    dtype,
    provider: 'cpu',
  });
  try {
    session.begin(initialValues(session.parameters, checkpoint, { seed: 1, temperature: 0.07 }));
    if (dtype === 'f16') {
      const { tensors, queue } = await session.snapshot();
      const scaling = { shape: [], data: Float32Array.of(factor) };
      session.restore({ tensors: new Map([...tensors, ['scaling/factor', scaling]]), queue });
    }
    const before = await numbersOf(session);
    const options = {
      losses,
      tokens: { tokenizer: createTokenizer(checkpoint.vocabulary), prompt: '', length: 24 },
      adam: adamDefaults,
      random: seededRandom(3, 0),
    };
    const results: StepResult[] = [];
    for (const run of runs) {
      const steps = run.map((_, i) => ({ rate: 1e-3, alpha: 0.2, number: results.length + i + 1 }));
      const batches = run.flat();
      const patches = Float32Array.from({ length: batches.length * 4 * tokens * width }, (_, i) =>
        Math.sin(1.3 * (i % (4 * tokens * width))),
      );
      const feeds = runFeeds({ steps, batches, patches, width }, options);
      results.push(...(await session.run({ ...feeds, ...changes })));
    }
    return { results, before, ...(await numbersOf(session)) };
  } finally {
    await session.release();
  }
}

async function numbersOf(session: TrainingSession) {
  const { tensors, queue } = await session.snapshot();
  return { queue, tensors: new Map([...tensors].map(([name, { data }]) => [name, data])) };
}

test('a step gives the same bytes whatever shares its run, texts of other lengths too', async () => {
  const losses = ['itc', 'itm', 'lm'] as const;
  const together = await train(losses, [[[short], [long], [short]]]);
  const apart = await train(losses, [[[short]], [[long]], [[short]]]);
  expect(together.results).toHaveLength(3);
  expect(together).toEqual(apart);
  // The newest six of three batches of four.
  expect(together.queue).toEqual([2, 3, 0, 1, 2, 3]);
});

test('a step of two batches takes the mean of their gradients', async () => {
  const once = await train(['lm'], [[[long]], [[short]]]);
  const twice = await train(['lm'], [[[long, long]], [[short, short]]]);
  expect(twice).toEqual(once);
  const both = await train(['lm'], [[[long, short]]]);
  const [first] = (await train(['lm'], [[[long]]])).results;
  const [second] = (await train(['lm'], [[[short]]])).results;
  const mean = ((first.losses.lm ?? NaN) + (second.losses.lm ?? NaN)) / 2;
  expect(both.results[0].losses.lm).toBeCloseTo(mean, 5);
});

test('ITM counts the own pairs alone where there is no negative', async () => {
  const alone = short.map((pair) => ({ ...pair, photo: 0 }));
  const { results } = await train(['itc', 'itm'], [[[alone]]]);
  const counts = Float32Array.from({ length: 12 }, (_, pair) => (pair < 4 ? 1 : 0));
  const ownPairs = { 'pairs/counts': new Tensor('float32', counts, [1, 12, 1]) };
  const { results: own } = await train(['itc', 'itm'], [[[short]]], { changes: ownPairs });
  const { results: all } = await train(['itc', 'itm'], [[[short]]]);
  expect(results[0].losses.itm).toBe(own[0].losses.itm);
  expect(results[0].losses.itm).not.toBe(all[0].losses.itm);
});

test('in f16 a step whose gradients overflow is left out, and the factor of the loss halved', async () => {
  // f16 ends at 65504: each place of a softmax has a gradient of some hundredths before the factor.
  const { results, before, tensors } = await train(['lm'], [[[short], [long]]], {
    dtype: 'f16',
    factor: 2 ** 60,
  });
  expect(results.map(({ norm }) => Number.isFinite(norm))).toEqual([false, false]);
  expect(results.map(({ factor }) => factor)).toEqual([2 ** 60, 2 ** 59]);
  expect(results.every(({ losses }) => Number.isFinite(losses.lm))).toBe(true);
  expect(tensors.get('scaling/factor')).toEqual(Float32Array.of(2 ** 58));
  expect(tensors.get('scaling/since')).toEqual(Float32Array.of(0));
  for (const [name, numbers] of before.tensors) {
    if (!name.startsWith('scaling/')) expect(tensors.get(name), name).toEqual(numbers);
  }
});

test('in f16 a step is that of f32 as far as 11 bits go', async () => {
  const losses = ['itc', 'itm', 'lm'] as const;
  const [exact] = (await train(losses, [[[long]]])).results;
  const factor = 2 ** 8;
  const { results, tensors } = await train(losses, [[[long]]], { dtype: 'f16', factor });
  const [half] = results;
  for (const loss of losses) {
    expect((half.losses[loss] ?? NaN) / (exact.losses[loss] ?? NaN), loss).toBeCloseTo(1, 2);
  }
  expect(half.norm / exact.norm).toBeCloseTo(1, 2);
  expect(tensors.get('scaling/factor')).toEqual(Float32Array.of(factor));
  expect(tensors.get('scaling/since')).toEqual(Float32Array.of(1));
});
