import type { Value } from '#main/onnx/graph.ts';
import { cast, sub } from '#main/onnx/operators/elementwise.ts';
import { reshape } from '#main/onnx/operators/layout.ts';
import { reduceLogSumExp } from '#main/onnx/operators/reduction.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { textNames } from '../checkpoint/text-names.ts';
import { crossMemory, languageHead } from './decoder-step.ts';
import type { GraphSource } from './graph-source.ts';
import { patchesInput } from './patches-input.ts';
import { crossAttention, feedForward, selfAttention, textEmbeddings } from './text-layers.ts';

/** Captions as the decoder takes them, whole. */
export interface CaptionInputs {
  /** i32 `[rows, length]`: [DEC] and the words. */
  readonly ids: Value;
  /** i32 `[length]` */
  readonly positions: Value;
  /** f32 `[rows or 1, 1, length, length]`, added to the attention scores. */
  readonly mask: Value;
  /** `[photos, tokens, width]` in the type of the graph, as for matching. */
  readonly patches: Value;
}

/**
 * The image-grounded decoder over whole captions at once, as in its training (BLIP, section 3.2).
 *
 * @returns f32 `[places, vocabulary]`, row after row
 */
export function captionLogits(
  p: Parameters,
  { config: { share, text_config: config } }: GraphSource,
  { ids, positions, mask, patches }: CaptionInputs,
): Value {
  const names = textNames(share, 'decoder');
  const bias = cast(mask, p.dtype);
  let x = textEmbeddings(p, names, config, ids, positions);
  for (const [layer, image] of crossMemory(p, names, config, patches).entries()) {
    x = selfAttention(p, names.selfAttention(layer), config, x, bias);
    x = crossAttention(p, `${names.layer(layer)}.crossattention`, config, x, image);
    x = feedForward(p, names.layer(layer), config, x);
  }
  return languageHead(p, names, config, reshape(x, ['places', config.hidden_size]));
}

/**
 * Inputs: those of {@link CaptionInputs}, `mask` f32 `[rows, 1, length, length]`; `targets` i32
 * `[places, asked]`, the tokens that may follow each place. Output: `logProbability` f32
 * `[places, asked]` of each target.
 */
export function captionLikelihoodGraph(p: Parameters, checkpoint: GraphSource): void {
  const { graph } = p;
  const ids = graph.input('ids', 'i32', ['rows', 'length']);
  const targets = graph.input('targets', 'i32', ['places', 'asked']);
  const logits = captionLogits(p, checkpoint, {
    ids,
    positions: graph.input('positions', 'i32', ['length']),
    mask: graph.input('mask', 'f32', ['rows', 1, 'length', 'length']),
    patches: patchesInput(p, checkpoint),
  });
  graph.output('logProbability', sub(gatherElements(logits, targets), reduceLogSumExp(logits)));
}
