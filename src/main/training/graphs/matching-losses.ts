import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { head } from '#main/med/graphs/layers.ts';
import { matchLogits, textEmbedding } from '#main/med/graphs/text-encoder.ts';
import { unitVectors } from '#main/med/graphs/unit-vectors.ts';
import type { Parameters } from '#main/med/checkpoint/parameters.ts';
import type { Value } from '#main/onnx/graph.ts';
import { add, div, mul, scale, sub } from '#main/onnx/operators/elementwise.ts';
import { transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { softmax } from '#main/onnx/operators/normalization.ts';
import { reduceLogSumExp, reduceSum } from '#main/onnx/operators/reduction.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import type { TrainableParameters } from '../parameters/trainable-parameters.ts';
import { firstTokens } from './image-end.ts';
import { meanOfColumn } from './sums.ts';

/** What the temperature is called among the parameters; it is kept within {@link temperatureBounds}. */
export const TEMPERATURE = 'temp';
export const temperatureBounds = [0.001, 0.5] as const;

/** Unit embeddings of photos and of their captions, f32 `[rows, projection]` each. */
export interface Embeddings {
  readonly image: Value;
  readonly text: Value;
}

/**
 * Inputs: those of the text encoder, and `image`, the photo of each row as {@link firstTokens} takes it.
 *
 * @param imageBlocks how many blocks of the image encoder are trained
 */
export function embeddings(
  p: Parameters,
  checkpoint: GraphSource,
  imageBlocks: number,
): Embeddings {
  const first = firstTokens(p, checkpoint, imageBlocks);
  const text = textEmbedding(p, checkpoint);
  const size = checkpoint.config.projection_size;
  return { image: unitVectors(head(p, 'vision_proj', first, size)), text };
}

export interface ItcLoss {
  readonly loss: Value;
  /** f32 `[rows, rows]`: cosine of photo and caption over the temperature. */
  readonly similarity: Value;
  /** The soft targets, through which no gradient goes. */
  readonly constants: readonly Value[];
}

/**
 * The image-text contrastive loss (BLIP, section 3.2; `blip_retrieval.py`): cross entropy against
 * targets that the momentum encoders soften, in both directions.
 *
 * Inputs: those of {@link embeddings}; `imageMomentum`, `textMomentum` f32 `[rows, projection]`, the
 * same by the momentum encoders; `imageCandidates`, `textCandidates` f32 `[candidates, projection]`,
 * these and the queue behind them; `positives` f32 `[rows, candidates]`, rows that sum to 1 over the
 * candidates of the same photo; `alpha` f32 `[]`, the share of the soft targets.
 */
export function itcLoss(
  p: TrainableParameters,
  checkpoint: GraphSource,
  imageBlocks: number,
): ItcLoss {
  const { graph } = p;
  const size = checkpoint.config.projection_size;
  const { image, text } = embeddings(p, checkpoint, imageBlocks);
  const temperature = p.own(TEMPERATURE, []);
  const rows = (name: string) => graph.input(name, 'f32', ['rows', size]);
  const candidates = (name: string) =>
    transpose(graph.input(name, 'f32', ['candidates', size]), [1, 0]);
  const [imageMomentum, textMomentum] = [rows('imageMomentum'), rows('textMomentum')];
  const [images, texts] = [candidates('imageCandidates'), candidates('textCandidates')];
  const positives = graph.input('positives', 'f32', ['rows', 'candidates']);
  const alpha = graph.input('alpha', 'f32', []);
  const ones = reduceSum(positives);
  const softTargets = (momentum: Value, others: Value) =>
    softmax(div(matMul(momentum, others), temperature), -1);
  const softTexts = softTargets(imageMomentum, texts);
  const softImages = softTargets(textMomentum, images);
  const direction = (own: Value, others: Value, soft: Value) => {
    const hard = sub(graph.scalar('f32', 1), alpha);
    const targets = add(mul(soft, alpha), mul(positives, hard));
    const logits = div(matMul(own, others), temperature);
    return meanOfColumn(sub(reduceLogSumExp(logits), reduceSum(mul(logits, targets))), ones);
  };
  const toText = direction(image, texts, softTexts);
  const toImage = direction(text, images, softImages);
  return {
    loss: scale(add(toText, toImage), 0.5),
    similarity: div(matMul(image, transpose(text, [1, 0])), temperature),
    constants: [softTexts, softImages],
  };
}

/**
 * The image-text matching loss (BLIP, section 3.2): cross entropy of the ITM head.
 * Inputs: those of `matchLogits`; `photoOf` i32 `[rows]`, the photo of each row; `labels` i32
 * `[rows, 1]`, 1 for a match; `ones` f32 `[rows, 1]`.
 *
 * @param patches features of photos, in place of the input `patches`
 * @returns f32 `[]`
 */
export function itmLoss(p: Parameters, checkpoint: GraphSource, patches: Value): Value {
  const photoOf = p.graph.input('photoOf', 'i32', ['rows']);
  const logits = matchLogits(p, checkpoint, photoOf, patches);
  const labels = p.graph.input('labels', 'i32', ['rows', 1]);
  const ones = p.graph.input('ones', 'f32', ['rows', 1]);
  return meanOfColumn(sub(reduceLogSumExp(logits), gatherElements(logits, labels)), ones);
}
