import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { head } from '#main/med/graphs/layers.ts';
import { matchLogits, textEmbedding, type TextInputs } from '#main/med/graphs/text-encoder.ts';
import { unitVectors } from '#main/med/graphs/unit-vectors.ts';
import type { Parameters } from '#main/med/checkpoint/parameters.ts';
import type { Value } from '#main/onnx/graph.ts';
import { add, cast, div, mul, scale, sub } from '#main/onnx/operators/elementwise.ts';
import { concat, gather, transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { softmax } from '#main/onnx/operators/normalization.ts';
import { reduceLogSumExp, reduceSum } from '#main/onnx/operators/reduction.ts';
import { argMax, gatherElements } from '#main/onnx/operators/selection.ts';
import type { TrainableParameters } from '../parameters/trainable-parameters.ts';
import { positivesOf, type EmbeddedPhotos } from './embedding-queue.ts';
import { meanOfColumn, sumOfColumn } from './sums.ts';

/** What the temperature is called among the parameters; it is kept within {@link temperatureBounds}. */
export const TEMPERATURE = 'temp';
export const temperatureBounds = [0.001, 0.5] as const;

/** Unit embeddings of photos and of their captions, f32 `[rows, projection]` each. */
export interface Embeddings {
  readonly image: Value;
  readonly text: Value;
}

/** @param image f32 `[rows, width]`: the first token of each photo's patch features */
export function embeddings(
  p: Parameters,
  source: GraphSource,
  image: Value,
  text: TextInputs,
): Embeddings {
  return {
    image: unitVectors(head(p, 'vision_proj', image, source.config.projection_size)),
    text: textEmbedding(p, source, text),
  };
}

export interface ItcInputs {
  readonly own: Embeddings;
  /** Of the batch by the momentum encoders, and the same with the queue behind it. */
  readonly batch: EmbeddedPhotos;
  readonly candidates: EmbeddedPhotos;
  /** f32 `[]`: the share of the soft targets. */
  readonly alpha: Value;
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
 */
export function itcLoss(
  p: TrainableParameters,
  { own, batch, candidates, alpha }: ItcInputs,
): ItcLoss {
  const temperature = p.own(TEMPERATURE, []);
  const [images, texts] = [turned(candidates.images), turned(candidates.texts)];
  const positives = positivesOf(batch.photos, candidates.photos);
  const ones = reduceSum(positives);
  const softTargets = (momentum: Value, others: Value) =>
    softmax(div(matMul(momentum, others), temperature), -1);
  const softTexts = softTargets(batch.images, texts);
  const softImages = softTargets(batch.texts, images);
  const direction = (rows: Value, others: Value, soft: Value) => {
    const hard = sub(p.graph.scalar('f32', 1), alpha);
    const targets = add(mul(soft, alpha), mul(positives, hard));
    const logits = div(matMul(rows, others), temperature);
    return meanOfColumn(sub(reduceLogSumExp(logits), reduceSum(mul(logits, targets))), ones);
  };
  const toText = direction(own.image, texts, softTexts);
  const toImage = direction(own.text, images, softImages);
  return {
    loss: scale(add(toText, toImage), 0.5),
    similarity: div(matMul(own.image, turned(own.text)), temperature),
    constants: [softTexts, softImages],
  };
}

/** Pairs of a text and a photo, by their rows in a batch, i32 `[pairs]` each. */
export interface MatchingPairs {
  readonly textOf: Value;
  readonly photoOf: Value;
}

/**
 * A batch's own pairs, then for each caption a hard photo, then for each photo a hard caption: drawn
 * by the softmax of their similarities, as the largest of logits with Gumbel noise is.
 *
 * @param similarity of photo (row) and caption (column)
 * @param noise f32 `[rows, rows]`, of photos for each caption and of captions for each photo: Gumbel
 *   noise, or far below every logit where a row must not be drawn
 * @param rows i32 `[rows]`: 0 and up
 */
export function hardPairs(
  similarity: Value,
  noise: { readonly photos: Value; readonly texts: Value },
  rows: Value,
): MatchingPairs {
  const drawn = (logits: Value, each: Value) => cast(argMax(add(logits, each)), 'i32');
  return {
    textOf: concat([rows, rows, drawn(similarity, noise.texts)], 0),
    photoOf: concat([rows, drawn(turned(similarity), noise.photos), rows], 0),
  };
}

export interface ItmInputs extends MatchingPairs {
  /** Of the batch, beginning with [ENC]. */
  readonly text: TextInputs;
  /** f32 `[rows, tokens, width]` */
  readonly patches: Value;
  /** i32 `[pairs, 1]`: 1 for a match. */
  readonly labels: Value;
  /** f32 `[pairs, 1]`: 1, or 0 for a pair that stands in for one that cannot be. */
  readonly counts: Value;
}

/**
 * The image-text matching loss (BLIP, section 3.2): cross entropy of the ITM head.
 *
 * @returns f32 `[]`
 */
export function itmLoss(
  p: Parameters,
  source: GraphSource,
  { text, patches, textOf, photoOf, labels, counts }: ItmInputs,
): Value {
  const texts = {
    ids: gather(text.ids, textOf, 0),
    positions: text.positions,
    mask: gather(text.mask, textOf, 0),
  };
  const logits = matchLogits(p, source, texts, { patches, photoOf });
  const losses = sub(reduceLogSumExp(logits), gatherElements(logits, labels));
  return div(sumOfColumn(mul(losses, counts)), sumOfColumn(counts));
}

function turned(x: Value): Value {
  return transpose(x, [1, 0]);
}
