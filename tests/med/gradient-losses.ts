import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { parametersOf, type Parameters } from '#main/med/checkpoint/parameters.ts';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import { readTensorIndex } from '#main/med/formats/safetensors.ts';
import type { StoredTensor } from '#main/med/formats/stored-tensor.ts';
import { captionLikelihoodGraph } from '#main/med/graphs/caption-likelihood.ts';
import { imageEncoderGraph } from '#main/med/graphs/image-encoder.ts';
import { head } from '#main/med/graphs/layers.ts';
import { itmEncoderGraph, textEncoderGraph } from '#main/med/graphs/text-encoder.ts';
import { unitVectors } from '#main/med/graphs/unit-vectors.ts';
import { causalBatch, textBatch } from '#main/med/text/text-batch.ts';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { add, cast, mul, scale } from '#main/onnx/operators/elementwise.ts';
import { transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { logSoftmax } from '#main/onnx/operators/normalization.ts';
import { reduceMean, reduceSum } from '#main/onnx/operators/reduction.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { readableFeeds } from '#main/runtime/feeds.ts';
import { createSession, type Tensors } from '#main/runtime/session.ts';
import type { Provider } from '#shared/schemas/model.ts';

/** Made by tools/reference/gradients.py. */
const folder = join(import.meta.dirname, '../fixtures/gradients');
const Losses = z.record(
  z.enum(['lm', 'itm', 'itc', 'vision']),
  z.object({
    checkpoint: z.string(),
    rows: z.array(z.array(z.int())),
    loss: z.number(),
    prompt: z.int().default(0),
    labels: z.array(z.int()).default([]),
    temperature: z.number().default(1),
  }),
);
export type LossName = keyof z.infer<typeof Losses>;
const losses = Losses.parse(JSON.parse(readFileSync(join(folder, 'losses.json'), 'utf8')));

/** Adds a loss to the graph of the parameters and gives what it takes. */
type Build = (p: Parameters, checkpoint: Checkpoint, inputs: Tensors) => [Value, Tensors];

const PAD = 0;
const SMOOTHING = 0.1;

const lm: Build = (p, checkpoint, { patches }) => {
  const { graph } = p;
  const { rows, prompt } = losses.lm;
  captionLikelihoodGraph(p, checkpoint);
  const logProbability = graph.outputs[0].value;
  const picked = graph.nodes.find(({ op }) => op === 'GatherElements');
  const logits = picked?.inputs[0] ?? logProbability;
  // Of every word alike, for label smoothing.
  const even = reduceMean(logSoftmax(logits));
  const smoothed = add(scale(logProbability, 1 - SMOOTHING), scale(even, SMOOTHING));
  const weights = graph.input('weights', 'f32', ['places', 1]);
  const loss = scale(reduceSum(mul(smoothed, weights), { axes: [0, 1], keepsAxes: false }), -1);
  const batch = causalBatch(rows, PAD);
  const length = Number(batch['ids'].dims[1]);
  // A place is counted where its target is a token behind the prompt.
  const counted = rows.flatMap((row) =>
    Array.from({ length }, (_, i) => (i + 1 >= prompt && i + 1 < row.length ? 1 : 0)),
  );
  const total = counted.reduce<number>((sum, n) => sum + n, 0);
  const shares = Float32Array.from(counted, (n) => n / total);
  return [loss, { ...batch, patches, weights: new Tensor('float32', shares, [shares.length, 1]) }];
};

const itm: Build = (p, checkpoint, { patches }) => {
  const { graph } = p;
  const { rows, labels } = losses.itm;
  itmEncoderGraph(p, checkpoint);
  const wanted = graph.input('labels', 'i32', ['rows', 1]);
  const own = gatherElements(logSoftmax(graph.outputs[0].value), wanted);
  const loss = scale(reduceMean(own, { axes: [0, 1], keepsAxes: false }), -1);
  const given = new Tensor('int32', Int32Array.from(labels), [labels.length, 1]);
  return [loss, { ...textBatch(rows, PAD), patches, labels: given }];
};

const itc: Build = (p, checkpoint, { first }) => {
  const { graph } = p;
  const { rows, temperature } = losses.itc;
  const { projection_size: width, vision_config: vision } = checkpoint.config;
  textEncoderGraph(p, checkpoint);
  const texts = graph.outputs[0].value;
  const features = graph.input('first', p.dtype, ['rows', vision.hidden_size]);
  const images = unitVectors(head(p, 'vision_proj', features, width));
  const scores = scale(matMul(images, transpose(texts, [1, 0])), 1 / temperature);
  const own = graph.input('own', 'i32', ['rows', 1]);
  const directions = [scores, transpose(scores, [1, 0])].map((score) =>
    reduceMean(gatherElements(logSoftmax(score), own), { axes: [0, 1], keepsAxes: false }),
  );
  const loss = scale(add(directions[0], directions[1]), -0.5);
  const pairs = new Tensor('int32', Int32Array.from(rows.keys()), [rows.length, 1]);
  return [loss, { ...textBatch(rows, PAD), first, own: pairs }];
};

/** Not a loss of BLIP, but one that the image encoder's last block is trained by as well as any. */
const vision: Build = (p, checkpoint) => {
  const { graph } = p;
  const { image_size: side } = checkpoint.config.vision_config;
  imageEncoderGraph(p, checkpoint);
  const patches = graph.outputs.find(({ name }) => name === 'patches');
  if (patches === undefined) throw new Error('the image encoder gives patches');
  const features = cast(patches.value, 'f32');
  const weights = graph.input('weights', 'f32', features.shape);
  const loss = reduceSum(mul(features, weights), { axes: [0, 1, 2], keepsAxes: false });
  const levels = Uint8Array.from({ length: 2 * side * side * 3 }, (_, i) => i * i * 31 + i * 7);
  const shape = [2, ...features.shape.slice(1).map(Number)];
  const waves = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) =>
    Math.sin(1.7 * i),
  );
  const pixels = new Tensor('uint8', levels, [2, side, side, 3]);
  return [loss, { pixels, weights: new Tensor('float32', waves, shape) }];
};

const builders: Readonly<Record<LossName, Build>> = { lm, itm, itc, vision };
export const lossNames: readonly LossName[] = ['lm', 'itm', 'itc', 'vision'];

export const Comparison = z.object({
  loss: z.object({ actual: z.number(), expected: z.number() }),
  /** Parameters of one side only. */
  unpaired: z.array(z.string()),
  /** The largest error of a parameter's gradient, as a share of the gradient's length, and whose it is. */
  worst: z.number(),
  parameter: z.string(),
});
export type Comparison = z.infer<typeof Comparison>;

/** Beside a gradient this short, as a share of all, errors are counted as beside it: keys' biases change nothing. */
const NEGLIGIBLE = 1e-3;

export interface ComparisonOptions {
  /** What the graph computes in. */
  readonly dtype?: 'f32' | 'f16';
  /**
   * Whether all but inputs and what layer normalisations give is computed a second time on the way
   * back.
   */
  readonly recomputes?: boolean;
}

/** Compares the gradients of a loss with respect to every parameter with those of PyTorch. */
export async function compareGradients(
  name: LossName,
  provider: Provider,
  { dtype = 'f32', recomputes = false }: ComparisonOptions = {},
): Promise<Comparison> {
  const reference = await readTensorIndex(join(folder, `${name}.safetensors`));
  const inputs: Record<string, Tensor> = {};
  const expected = new Map<string, Float32Array>();
  for (const [key, tensor] of reference) {
    if (key.startsWith('input.')) inputs[key.slice('input.'.length)] = tensorOf(tensor);
    else expected.set(key, readTensor(tensor));
  }
  const checkpoint = await openCheckpoint(
    join(import.meta.dirname, '../fixtures/official', losses[name].checkpoint),
  );
  const graph = new Graph(name);
  const p = parametersOf(graph, checkpoint, { dtype, fusesAttention: false });
  const [loss, feeds] = builders[name](p, checkpoint, inputs);
  const weights = graph.initializers
    .filter(({ data }) => data.kind === 'external')
    .map(({ value }) => value)
    .filter((value) => isTrained(name, value.name));
  graph.output('loss', loss);
  const normalised = graph.nodes.filter(({ op }) => op === 'LayerNormalization');
  const checkpoints = [...graph.inputs, ...normalised.map(({ outputs }) => outputs[0])];
  const found = gradients(loss, weights, recomputes ? { checkpoints } : {});
  for (const [i, gradient] of found.entries()) {
    graph.output(`gradient of ${weights[i].name}`, gradient);
  }
  const session = await createSession(toModelBytes(graph), {
    provider,
    weightsFolder: checkpoint.weightsFolder,
  });
  const outputs = await session.run(inTypesOf(graph, feeds));
  await session.release();
  const actual = new Map(
    weights.map((value) => [value.name, numbersOf(outputs[`gradient of ${value.name}`])]),
  );
  const whole = lengthOf([...expected.values()].map(lengthOf));
  const errors = [...expected].map(([parameter, truth]) => {
    const own = actual.get(parameter) ?? new Float32Array(truth.length);
    const error = lengthOf(truth.map((value, i) => value - own[i]));
    return { parameter, worst: error / Math.max(lengthOf(truth), NEGLIGIBLE * whole) };
  });
  const [largest] = errors.sort((a, b) => b.worst - a.worst);
  return {
    loss: { actual: numbersOf(outputs['loss'])[0], expected: losses[name].loss },
    unpaired: [
      ...[...actual.keys()].filter((key) => !expected.has(key)),
      ...[...expected.keys()].filter((key) => !actual.has(key)),
    ],
    ...largest,
  };
}

/** Parameters of text and heads; of the image encoder the last block and the normalisation behind it. */
function isTrained(loss: LossName, parameter: string): boolean {
  if (loss !== 'vision') return !parameter.startsWith('vision_model.');
  return /^vision_model\.(encoder\.layers\.1|post_layernorm)\./.test(parameter);
}

/** Feeds with halved numbers where the graph takes f16. */
function inTypesOf(graph: Graph, feeds: Tensors): Tensors {
  const halved = graph.inputs
    .filter(({ type }) => type === 'f16')
    .map(({ name }): [string, Tensor] => {
      const { dims } = feeds[name];
      const { buffer } = Float16Array.from(numbersOf(feeds[name]));
      return [name, new Tensor('float16', new Uint16Array(buffer), dims)];
    });
  return readableFeeds({ ...feeds, ...Object.fromEntries(halved) });
}

function tensorOf(tensor: StoredTensor): Tensor {
  return new Tensor('float32', readTensor(tensor), tensor.shape);
}

function numbersOf({ data }: Tensor): Float32Array {
  return Float32Array.from<unknown>(data, Number);
}

function lengthOf(values: Iterable<number>): number {
  return Math.hypot(...values);
}
