import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { captionFeeds } from '#main/med/decoding/beam-run.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { modeGraphs } from '#main/med/graphs/mode-graphs.ts';
import { sampleFeeds } from '#main/med/decoding/sample-run.ts';
import { textBatch } from '#main/med/text/text-batch.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { createSession, type Tensors } from '#main/runtime/session.ts';
import { randomCheckpoint } from './random-checkpoint.ts';

let checkpoint: Checkpoint;

beforeAll(async () => {
  checkpoint = await openCheckpoint(await randomCheckpoint(3));
});

async function run(name: string, fusesAttention: boolean, feeds: Tensors) {
  const target = { dtype: 'f32', fusesAttention } as const;
  const graph = modeGraphs(checkpoint, { encoders: target, decoder: target }).get(name);
  if (graph === undefined) throw new Error(`no graph ${name}`);
  const session = await createSession(toModelBytes(graph), {
    provider: 'cpu',
    weightsFolder: checkpoint.weightsFolder,
  });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}

function numbersOf({ data }: Tensor): number[] {
  return Array.from<unknown, number>(data, Number);
}

function waves(shape: readonly number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return new Tensor(
    'float32',
    Float32Array.from({ length }, (_, i) => 2 * Math.sin(i * i)),
    shape,
  );
}

const texts = textBatch(
  [
    [1, 40, 41, 2],
    [1, 50, 2],
    [1, 60, 61, 62, 63, 2],
    [1, 2],
  ],
  0,
);
const patches = waves([2, 5, 32]);
const noise = Uint8Array.from({ length: 3 * 64 * 64 * 3 }, (_, i) => 127 * (1 + Math.sin(i * i)));
const photos = { patches, prompt: [4, 30, 31], sep: 2 };
const limits = { minTokens: 2, maxTokens: 9, repetitionPenalty: 1.2 };
const beams = {
  ...limits,
  beams: 3,
  candidates: 6,
  penalised: 'log-probabilities',
} as const;
const samples = {
  ...limits,
  topP: 0.9,
  makeRandoms: () => [0, 1, 2].map((stream) => seededRandom(1, stream)),
};

describe('attention as one node gives what the operators it is made of give', () => {
  test.each([
    ['image-encoder', { pixels: new Tensor('uint8', noise, [3, 64, 64, 3]) }],
    ['text-encoder', texts],
    ['itm-encoder', { ...texts, patches }],
    ['caption-loop', captionFeeds(photos, beams)],
    ['sample-loop', sampleFeeds(photos, samples)],
  ])('%s', async (name, feeds) => {
    const fused = await run(name, true, feeds);
    const plain = await run(name, false, feeds);
    for (const output of Object.keys(plain)) {
      const [actual, expected] = [numbersOf(fused[output]), numbersOf(plain[output])];
      expect(actual).toHaveLength(expected.length);
      expect(Math.max(...expected.map((n, i) => Math.abs(n - actual[i])))).toBeLessThan(1e-4);
    }
  });
});
