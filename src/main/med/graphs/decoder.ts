import { cast } from '#main/onnx/operators/elementwise.ts';
import type { HeadMemory } from '#main/onnx/operators/fused-attention.ts';
import { gather } from '#main/onnx/operators/layout.ts';
import { reduceLogSumExp } from '#main/onnx/operators/reduction.ts';
import type { TextConfig } from '../checkpoint/config.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { textNames } from '../checkpoint/text-names.ts';
import { memoryKeys, type Memory } from './attention.ts';
import { crossMemory, decoderStep } from './decoder-step.ts';
import type { GraphSource } from './graph-source.ts';
import { patchesInput } from './patches-input.ts';

/** Names of a layer's cached tensors, as inputs and outputs of the decoder graphs. */
export const cacheNames = {
  crossKeys: (layer: number) => `cross.${layer}.keys`,
  crossValues: (layer: number) => `cross.${layer}.values`,
  pastKeys: (layer: number) => `past.${layer}.keys`,
  pastValues: (layer: number) => `past.${layer}.values`,
  nextKeys: (layer: number) => `next.${layer}.keys`,
  nextValues: (layer: number) => `next.${layer}.values`,
};

/**
 * What the decoder looks at in a photo, computed once: `patches` `[photos, tokens, width]` ->
 * for every layer `cross.N.keys` and `cross.N.values`, in the graph's type, as a memory holds them
 * (`attention.ts`).
 */
export function crossMemoryGraph(p: Parameters, checkpoint: GraphSource): void {
  const { share, text_config: text } = checkpoint.config;
  const { graph } = p;
  const patches = patchesInput(p, checkpoint);
  crossMemory(p, textNames(share, 'decoder'), text, patches).forEach(({ keys, values }, layer) => {
    graph.output(cacheNames.crossKeys(layer), keys);
    graph.output(cacheNames.crossValues(layer), values);
  });
}

/**
 * Keeps the memory of some photos: `cross.N.*` as {@link crossMemoryGraph} gives it and `photos`
 * i32 `[kept]`, their indices -> `kept.cross.N.*` of these.
 */
export function crossRetainGraph(p: Parameters, checkpoint: GraphSource): void {
  const { text_config: config } = checkpoint.config;
  const { graph } = p;
  const kept = graph.input('photos', 'i32', ['kept']);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const { keys, values } = crossInputs(p, config, layer);
    graph.output(keptNameOf(keys.name), gather(keys, kept, 0));
    graph.output(keptNameOf(values.name), gather(values, kept, 0));
  }
}

/** The output of {@link crossRetainGraph} for one of its inputs. */
export function keptNameOf(crossName: string): string {
  return `kept.${crossName}`;
}

/**
 * One step of the image-grounded decoder: a prompt at first, then one token a row, with the keys
 * and values of earlier tokens taken from the step before.
 *
 * Inputs: `ids` i32 `[rows, length]`; `positions` i32 `[length]`; `mask` f32 `[length, total]`,
 * added to the scores, `total = past + length`; `parents` i32 `[rows]`, which row of the step
 * before each row continues (beams change places); `past.N.keys` and `past.N.values`
 * `[pastRows, heads, past, d]`; `cross.N.*` from {@link crossMemoryGraph}, where a photo's rows follow each
 * other. Outputs: `logits` f32 `[rows, vocabulary]` of the last position, `logSumExp` f32
 * `[rows, 1]` (log-probability = logit - logSumExp), `next.N.keys`, `next.N.values`.
 */
export function decoderStepGraph(p: Parameters, checkpoint: GraphSource): void {
  const { share, text_config: config } = checkpoint.config;
  const { graph } = p;
  const names = textNames(share, 'decoder');
  const ids = graph.input('ids', 'i32', ['rows', 'length']);
  const positions = graph.input('positions', 'i32', ['length']);
  const mask = cast(graph.input('mask', 'f32', ['length', 'past + length']), p.dtype);
  const parents = graph.input('parents', 'i32', ['rows']);
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => layer);
  const step = decoderStep(p, names, config, {
    ids,
    positions,
    mask,
    parents,
    past: layers.map((layer) => pastInputs(p, config, layer)),
    cross: layers.map((layer) => crossInputs(p, config, layer)),
  });
  step.next.forEach(({ keys, values }, layer) => {
    graph.output(cacheNames.nextKeys(layer), keys);
    graph.output(cacheNames.nextValues(layer), values);
  });
  graph.output('logits', step.logits);
  // Not from LogSoftmax, for which WebGPU would send the logits to the processor.
  graph.output('logSumExp', reduceLogSumExp(step.logits));
}

function crossInputs(p: Parameters, config: TextConfig, layer: number): Memory {
  const heads = config.num_attention_heads;
  const width = config.hidden_size / heads;
  const { graph, dtype } = p;
  const keys = memoryKeys(p, 'tokens', width);
  return {
    keys: graph.input(cacheNames.crossKeys(layer), dtype, ['photos', heads, ...keys]),
    values: graph.input(cacheNames.crossValues(layer), dtype, ['photos', heads, 'tokens', width]),
  };
}

function pastInputs(p: Parameters, config: TextConfig, layer: number): HeadMemory {
  const heads = config.num_attention_heads;
  const width = config.hidden_size / heads;
  const { graph, dtype } = p;
  return {
    keys: graph.input(cacheNames.pastKeys(layer), dtype, ['pastRows', heads, 'past', width]),
    values: graph.input(cacheNames.pastValues(layer), dtype, ['pastRows', heads, 'past', width]),
  };
}
