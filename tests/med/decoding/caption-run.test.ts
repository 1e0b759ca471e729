import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canDecodeInOneRun, decodeInOneRun } from '#main/med/decoding/caption-run.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { resolveDecoding, searchPlan } from '#main/med/decoding/decoding.ts';
import { generate } from '#main/med/decoding/generate.ts';
import type { CaptionOptions } from '#main/med/model/med-model.ts';
import { ModelGraphs } from '#main/med/model/model-graphs.ts';
import { GraphPhotoDecoder } from '#main/med/decoding/photo-decoder.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { probeModels } from '#main/med/graphs/probe.ts';
import { chiSquare, chiSquareLimit } from '../generation/chi-square.ts';
import { randomCheckpoint } from '../random-checkpoint.ts';

const photos = 6;

const beamMethods: CaptionOptions[] = [
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

const nucleus = { method: 'nucleus', minLength: 0, maxLength: 16 } as const;

const nucleusMethods: CaptionOptions[] = [
  { ...nucleus, samples: 1 },
  { ...nucleus, samples: 5, seed: 7 },
  { ...nucleus, samples: 3, topP: 1, seed: 2 },
  { ...nucleus, samples: 4, topP: 0.5, minLength: 9 },
  { ...nucleus, samples: 4, topP: 1e-6 },
  { ...nucleus, samples: 3, repetitionPenalty: 1.5, prompt: 'be a' },
  { ...nucleus, samples: 2, repetitionPenalty: 0.7, minLength: 6, prompt: 'ba' },
];

const methods = [...beamMethods, ...nucleusMethods];

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

  /** Photos that are nothing to anybody, and how their captions are looked for. */
  function given(options: CaptionOptions, photos: number) {
    const { config } = checkpoint;
    const tokenizer = createTokenizer(checkpoint.vocabulary);
    const decoding = resolveDecoding(options, config);
    const prompt = [tokenizer.special.dec, ...tokenizer.encode(decoding.prompt, 24)];
    const { sep } = tokenizer.special;
    const search = searchPlan(decoding, prompt, sep, options.samples ?? 1);
    const width = config.vision_config.hidden_size;
    const values = Float32Array.from(
      { length: photos * 5 * width },
      (_, i) => 4 * Math.sin(i * i + seed),
    );
    const patches = new Tensor('float32', values, [photos, 5, width]);
    return { batch: { patches, prompt, sep }, search };
  }

  const openDecoder = (patches: Tensor) =>
    GraphPhotoDecoder.open(graphs, checkpoint.config.text_config, patches);

  /** What both ways of decoding find for the same photos. */
  async function bothWays(options: CaptionOptions) {
    const { batch, search } = given(options, photos);
    const inOneRun = await decodeInOneRun(graphs, batch, search);
    const byStep = Array.from({ length: photos }, search.makeSearch);
    const decoder = await openDecoder(batch.patches);
    await generate(decoder, byStep, batch.prompt);
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

  test('draws first words in proportion, each sample by its own numbers', async () => {
    const options = { method: 'nucleus', topP: 0.97, maxLength: 2, samples: 3000 } as const;
    const { batch, search } = given(options, 1);
    const decoder = await openDecoder(batch.patches);
    const { logits } = await decoder.prefill(batch.prompt);
    decoder.dispose();
    // The first word is never [SEP], which would leave no caption.
    const words = [...logits.entries()].filter(([token]) => token !== batch.sep);
    const weights = words.map(([token, logit]) => ({ token, weight: Math.exp(logit) }));
    const total = weights.reduce((sum, { weight }) => sum + weight, 0);
    const nucleus: typeof weights = [];
    let mass = 0;
    for (const word of weights.toSorted((a, b) => b.weight - a.weight)) {
      if (mass >= 0.97 * total) break;
      nucleus.push(word);
      mass += word.weight;
    }
    const [drawn] = await decodeInOneRun(graphs, batch, search);
    const tokens = drawn.results().map((hypothesis) => hypothesis.tokens[0]);
    const counts = nucleus.map(({ token }) => tokens.filter((one) => one === token).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(3000);
    const shares = nucleus.map(({ weight }) => weight / mass);
    expect(chiSquare(counts, shares)).toBeLessThan(chiSquareLimit(nucleus.length - 1));
  });

  test('draws the same from the same seed, however many are drawn and of how many photos', async () => {
    const draw = async (seed: number, samples: number, photos: number) => {
      const { batch, search } = given({ ...nucleus, topP: 0.95, seed, samples }, photos);
      const [first] = await decodeInOneRun(graphs, batch, search);
      return first.results().map(({ tokens }) => tokens);
    };
    const five = await draw(1, 5, 3);
    expect(await draw(1, 5, 3)).toEqual(five);
    expect(await draw(1, 5, 1)).toEqual(five);
    expect(five).toContainEqual((await draw(1, 1, 1))[0]);
    expect(await draw(2, 5, 3)).not.toEqual(five);
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
  const common = { prompt: '', minLength: 0, maxLength: 9, repetitionPenalty: 1 };
  const beams = searchPlan({ method: 'beam', beams: 5, ...common }, [1], 2, 1);
  expect(canDecodeInOneRun('cpu', beams, 10)).toBe(true);
  expect(canDecodeInOneRun('cuda', beams, 10)).toBe(true);
  expect(canDecodeInOneRun('cuda', beams, 9)).toBe(false);
  expect(canDecodeInOneRun('webgpu', beams, 1000)).toBe(false);
  const samples = searchPlan({ method: 'nucleus', topP: 0.9, seed: 1, ...common }, [1], 2, 8);
  expect(canDecodeInOneRun('cuda', samples, 9)).toBe(true);
  expect(canDecodeInOneRun('webgpu', samples, 1000)).toBe(false);
});
