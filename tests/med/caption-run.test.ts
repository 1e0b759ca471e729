import { Tensor } from 'onnxruntime-node-gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canDecodeInOneRun, decodeInOneRun } from '#main/med/caption-run.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint.ts';
import { resolveDecoding, searchPlan } from '#main/med/decoding.ts';
import { generate } from '#main/med/generation/generate.ts';
import type { CaptionOptions } from '#main/med/med-model.ts';
import { ModelGraphs } from '#main/med/model-graphs.ts';
import { GraphPhotoDecoder } from '#main/med/photo-decoder.ts';
import { createTokenizer } from '#main/med/tokenizer.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { probeModels } from '#main/med/graphs/probe.ts';
import { randomCheckpoint } from './random-checkpoint.ts';

const photos = 6;

const methods: CaptionOptions[] = [
  { method: 'greedy', minLength: 0, maxLength: 16 },
  { method: 'greedy', repetitionPenalty: 1.5, prompt: 'be a', maxLength: 14 },
  ...[1, 2, 3, 4, 5].map((beams) => ({
    method: 'beam' as const,
    beams,
    minLength: 0,
    maxLength: 16,
  })),
  { method: 'beam', beams: 3, minLength: 8, maxLength: 12, prompt: 'ba' },
  { method: 'beam', beams: 4, repetitionPenalty: 1.4, maxLength: 14, prompt: 'a photo' },
  { method: 'beam', beams: 2, repetitionPenalty: 0.7, minLength: 6, maxLength: 9 },
  { method: 'beam', beams: 3, minLength: 1, maxLength: 2 },
];

describe.each([1, 3, 4, 5, 6, 7, 8, 9])('a search in one run, language %i', (seed) => {
  let checkpoint: Checkpoint;
  let graphs: ModelGraphs;

  beforeAll(async () => {
    checkpoint = await openCheckpoint(await randomCheckpoint(seed));
    graphs = new ModelGraphs(
      checkpoint,
      await chooseDevice({ requested: 'cpu', dtype: 'f32' }, probeModels()),
    );
  });

  afterAll(() => graphs.release());

  /** What both ways of decoding find for the same photos. */
  async function bothWays(options: CaptionOptions) {
    const { config } = checkpoint;
    const tokenizer = createTokenizer(checkpoint.vocabulary);
    const decoding = resolveDecoding(options, config);
    const prompt = [tokenizer.special.dec, ...tokenizer.encode(decoding.prompt, 24)];
    const { sep } = tokenizer.special;
    const { plan, makeSearch } = searchPlan(decoding, prompt, sep, 1);
    if (plan === null) throw new Error('these methods go by beams');
    const width = config.vision_config.hidden_size;
    const values = Float32Array.from(
      { length: photos * 5 * width },
      (_, i) => 4 * Math.sin(i * i + seed),
    );
    const patches = new Tensor('float32', values, [photos, 5, width]);
    const inOneRun = Array.from({ length: photos }, makeSearch);
    await decodeInOneRun(graphs, { patches, prompt, sep }, plan, inOneRun);
    const byStep = Array.from({ length: photos }, makeSearch);
    const decoder = await GraphPhotoDecoder.open(graphs, config.text_config, patches);
    await generate(decoder, byStep, prompt);
    decoder.dispose();
    return { inOneRun, byStep };
  }

  test.each(methods)('finds what its steps find: %o', async (options) => {
    const { inOneRun, byStep } = await bothWays(options);
    for (const [photo, search] of inOneRun.entries()) {
      const [actual, expected] = [search.results(), byStep[photo].results()];
      expect(actual.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
      actual.forEach(({ logprob }, i) => {
        expect(logprob).toBeCloseTo(expected[i].logprob, 3);
      });
    }
  });

  test('has photos that end at different lengths, with different captions', async () => {
    const batches = await Promise.all(methods.map(bothWays));
    const most = (keyOf: (tokens: readonly number[]) => unknown) =>
      Math.max(
        ...batches.map(
          ({ byStep }) => new Set(byStep.map((search) => keyOf(search.results()[0].tokens))).size,
        ),
      );
    expect(most((tokens) => tokens.length)).toBeGreaterThan(1);
    expect(most((tokens) => tokens.join())).toBeGreaterThan(2);
  });
});

test('decoding takes steps where outputs stay on the device, or beams outnumber the vocabulary', () => {
  const { plan } = searchPlan(
    { method: 'beam', beams: 5, prompt: '', minLength: 0, maxLength: 9, repetitionPenalty: 1 },
    [1],
    2,
    1,
  );
  if (plan === null) throw new Error('beam search has a plan');
  expect(canDecodeInOneRun('cpu', plan, 10)).toBe(true);
  expect(canDecodeInOneRun('cuda', plan, 10)).toBe(true);
  expect(canDecodeInOneRun('cuda', plan, 9)).toBe(false);
  expect(canDecodeInOneRun('webgpu', plan, 1000)).toBe(false);
});
