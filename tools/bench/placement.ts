/**
 * `node tools/bench/placement.ts MODEL PROVIDER [f16|f32] [PHOTOS] [BEAMS]`: which provider ran each
 * node of the image encoder, of the search by beams and of the sampling of as many captions, how
 * often, and for how long (on a GPU: how long its launch took), from ONNX Runtime's own profile. A
 * node of a search on the CPU, or a Memcpy, is paid with every token.
 */
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '#main/runtime/onnx-runtime.ts';
import { captionFeeds } from '#main/med/decoding/beam-run.ts';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { modeGraphs } from '#main/med/graphs/mode-graphs.ts';
import { targetsFor } from '#main/med/graphs/target.ts';
import { sampleFeeds } from '#main/med/decoding/sample-run.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { readableFeeds } from '#main/runtime/feeds.ts';
import { kernelRuns, type KernelRun } from '#main/runtime/profile.ts';
import { providerTable } from '#main/runtime/provider-table.ts';
import type { Tensors } from '#main/runtime/session.ts';
import { Dtype, Provider } from '#shared/schemas/model.ts';

const [folder, providerText, dtypeText = 'f16', photosText = '8', beamsText = '3'] =
  process.argv.slice(2);
const provider = Provider.parse(providerText);
const dtype = Dtype.parse(dtypeText);
const [photos, beams] = [Number(photosText), Number(beamsText)];
const repeats = 5;

const checkpoint = await openCheckpoint(folder);
const { vision_config: vision } = checkpoint.config;
const graphs = modeGraphs(checkpoint, targetsFor({ provider, dtype }));

/** Runs a graph under the profiler and prints where its nodes ran. */
async function profile(name: string, inputs: Tensors): Promise<Tensors> {
  const graph = graphs.get(name);
  if (graph === undefined) throw new TypeError(`this checkpoint has no ${name}`);
  const traces = await mkdtemp(join(tmpdir(), 'medley-placement-'));
  const session = await InferenceSession.create(toModelBytes(graph), {
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: {
      session: { model_external_initializers_file_folder_path: checkpoint.weightsFolder },
    },
    ...providerTable[provider].session,
    enableProfiling: true,
    profileFilePrefix: join(traces, 'trace'),
  });
  const feeds = readableFeeds(inputs);
  let outputs = await session.run(feeds);
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    outputs = await session.run(feeds);
    times.push(performance.now() - start);
  }
  session.endProfiling();
  await session.release();
  const [trace] = await readdir(traces);
  print(name, Math.min(...times), await kernelRuns(join(traces, trace)));
  return outputs;
}

function print(name: string, milliseconds: number, kernels: readonly KernelRun[]): void {
  console.log(`\n${name}: ${photos} photos, best run ${milliseconds.toFixed(1)} ms`);
  const rows = new Map<string, { count: number; micros: number }>();
  for (const { op, provider: ranOn, microseconds } of kernels) {
    const key = `${ranOn} ${op}`;
    const row = rows.get(key) ?? { count: 0, micros: 0 };
    rows.set(key, { count: row.count + 1, micros: row.micros + microseconds });
  }
  console.log('  runs of it   microseconds   provider and operator, a run');
  for (const [key, { count, micros }] of [...rows].sort((a, b) => b[1].micros - a[1].micros)) {
    const numbers = [count / repeats, micros / repeats].map((n) => n.toFixed(0).padStart(12));
    console.log(`${numbers.join('   ')}   ${key}`);
  }
}

const side = vision.image_size;
const pixels = Uint8Array.from({ length: photos * side * side * 3 }, (_, i) => i % 251);
const encoded = await profile('image-encoder', {
  pixels: new Tensor('uint8', pixels, [photos, side, side, 3]),
});
const batch = { patches: encoded['patches'], prompt: [1], sep: 2 };
const limits = { minTokens: 16, maxTokens: 16, repetitionPenalty: 1 };
await profile(
  'caption-loop',
  captionFeeds(batch, {
    ...limits,
    beams,
    candidates: 2 * beams,
    penalised: 'log-probabilities',
  }),
);
await profile(
  'sample-loop',
  sampleFeeds(batch, {
    ...limits,
    topP: 0.9,
    makeRandoms: () => Array.from({ length: beams }, (_, sample) => seededRandom(1, sample)),
  }),
);
