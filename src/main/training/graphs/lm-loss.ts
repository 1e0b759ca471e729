import { captionLogits } from '#main/med/graphs/caption-likelihood.ts';
import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { knownSize } from '#main/med/graphs/layers.ts';
import type { Parameters } from '#main/med/checkpoint/parameters.ts';
import type { Value } from '#main/onnx/graph.ts';
import { add, div, mul, scale, sub } from '#main/onnx/operators/elementwise.ts';
import { reshape } from '#main/onnx/operators/layout.ts';
import { reduceLogSumExp, reduceSum } from '#main/onnx/operators/reduction.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import { sumOfColumn } from './sums.ts';
import type { TextsOfBatch } from './text-inputs.ts';

/**
 * The language-modelling loss (BLIP, section 3.2): cross entropy with label smoothing, the mean over
 * the places that count.
 *
 * @param captions `ids` and `targets`, tokens and the one to be learnt after each; `counts`, 1 where it
 *   is to be, 0 for the prompt and for what follows the end
 * @param patches f32 `[rows, tokens, width]`
 * @param smoothing what is taken from the right token and spread over all, 0.1 in `models/med.py`
 * @returns f32 `[]`
 */
export function lmLoss(
  p: Parameters,
  source: GraphSource,
  captions: TextsOfBatch,
  patches: Value,
  smoothing: number,
): Value {
  const logits = captionLogits(p, source, {
    ids: captions.tokens('ids'),
    positions: captions.positions(),
    mask: captions.causal(),
    patches,
  });
  const targets = reshape(captions.tokens('targets'), ['places', 1]);
  const counts = reshape(captions.numbers('counts'), ['places', 1]);
  const right = scale(gatherElements(logits, targets), 1 - smoothing);
  const mean = scale(reduceSum(logits), smoothing / knownSize(logits, -1));
  const losses = sub(reduceLogSumExp(logits), add(right, mean));
  return div(sumOfColumn(mul(losses, counts)), sumOfColumn(counts));
}
