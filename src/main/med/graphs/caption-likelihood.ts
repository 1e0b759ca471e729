import type { Value } from '#main/onnx/graph.ts';
import { cast, sub } from '#main/onnx/operators/elementwise.ts';
import { reshape } from '#main/onnx/operators/layout.ts';
import { reduceLogSumExp } from '#main/onnx/operators/reduction.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import type { Dim } from '#main/onnx/shape.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { textNames } from '../checkpoint/text-names.ts';
import { crossMemory, languageHead } from './decoder-step.ts';
import type { GraphSource } from './graph-source.ts';
import { patchesInput } from './patches-input.ts';
import { crossAttention, feedForward, selfAttention, textEmbeddings } from './text-layers.ts';

/** What the decoder says of captions, place by place. */
export interface CaptionLogits {
  /** f32 `[places, vocabulary]` */
  readonly logits: Value;
  /** The input `targets`, i32 `[places, asked]`. */
  readonly targets: Value;
}

/**
 * The image-grounded decoder over whole captions at once, as in its training (BLIP, section 3.2).
 *
 * Inputs: `ids` i32 `[rows, length]`, [DEC] and the words; `targets` i32 `[places, asked]`, the
 * tokens that may follow each of them, row after row; `positions` i32 `[length]`; `mask` f32
 * `[rows, 1, length, length]`, added to the attention scores; `patches` `[photos, tokens, width]` as
 * for matching.
 *
 * @param asked how many tokens are asked about at each place
 * @param patches in place of the input
 */
export function captionLogits(
  p: Parameters,
  checkpoint: GraphSource,
  asked: Dim,
  patches = patchesInput(p, checkpoint),
): CaptionLogits {
  const { share, text_config: config } = checkpoint.config;
  const { graph } = p;
  const names = textNames(share, 'decoder');
  const ids = graph.input('ids', 'i32', ['rows', 'length']);
  const targets = graph.input('targets', 'i32', ['places', asked]);
  const positions = graph.input('positions', 'i32', ['length']);
  const mask = cast(graph.input('mask', 'f32', ['rows', 1, 'length', 'length']), p.dtype);
  let x = textEmbeddings(p, names, config, ids, positions);
  for (const [layer, image] of crossMemory(p, names, config, patches).entries()) {
    x = selfAttention(p, names.selfAttention(layer), config, x, mask);
    x = crossAttention(p, `${names.layer(layer)}.crossattention`, config, x, image);
    x = feedForward(p, names.layer(layer), config, x);
  }
  const hidden = reshape(x, ['places', config.hidden_size]);
  return { logits: languageHead(p, names, config, hidden), targets };
}

/** {@link captionLogits} -> `logProbability` f32 `[places, asked]` of each target. */
export function captionLikelihoodGraph(p: Parameters, checkpoint: GraphSource): void {
  const { logits, targets } = captionLogits(p, checkpoint, 'asked');
  const own = sub(gatherElements(logits, targets), reduceLogSumExp(logits));
  p.graph.output('logProbability', own);
}
