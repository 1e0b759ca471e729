import type { Graph, Value } from '#main/onnx/graph.ts';
import { add, div, mul, sub } from '#main/onnx/operators/elementwise.ts';
import { concat, expandLike, slice } from '#main/onnx/operators/layout.ts';
import { less, where } from '#main/onnx/operators/logic.ts';
import { gatherElements, scatterElements } from '#main/onnx/operators/selection.ts';

/** How scores are changed before tokens are chosen, the same in every round. */
export interface ProcessingSettings {
  /** f32 `[]`: tokens before which [SEP] must not come. */
  readonly minTokens: Value;
  /** f32 `[]` */
  readonly repetitionPenalty: Value;
  /** i32 `[]` */
  readonly sep: Value;
}

/** Declares them as inputs of a graph. */
export function processingInputs(graph: Graph): ProcessingSettings {
  return {
    minTokens: graph.input('minTokens', 'f32', []),
    repetitionPenalty: graph.input('repetitionPenalty', 'f32', []),
    sep: graph.input('sep', 'i32', []),
  };
}

/** Next-token scores of all rows. */
export interface RowLogprobs {
  /** f32 `[rows, vocabulary]` */
  readonly logprobs: Value;
  /** i32 `[rows, said]`: prompt and generated tokens. */
  readonly said: Value;
  /** f32 `[]`: tokens generated before this one. */
  readonly length: Value;
}

/**
 * Log-probabilities after the repetition penalty and the minimum length, as
 * `decoding/logits-processors.ts` applies them; they change [SEP] and what was said only. Their
 * sum is no longer 1.
 *
 * @param penalised f32 `[rows, said]`: what the penalty changes of the tokens said, their logits or
 *   log-probabilities
 */
export function processedLogprobs(
  { minTokens, repetitionPenalty, sep }: ProcessingSettings,
  { logprobs, said, length }: RowLogprobs,
  penalised: Value,
): Value {
  const { graph } = logprobs;
  const after = where(
    less(penalised, graph.scalar('f32', 0)),
    mul(penalised, repetitionPenalty),
    div(penalised, repetitionPenalty),
  );
  // The penalty as a difference, so that a penalty of 1 leaves the very same numbers.
  const changed = add(gatherElements(logprobs, said), sub(after, penalised));
  const end = expandLike(sep, slice(logprobs, 1, 0, 1));
  const ending = where(
    less(length, minTokens),
    graph.scalar('f32', -Infinity),
    gatherElements(logprobs, end),
  );
  return scatterElements(logprobs, concat([said, end], 1), concat([changed, ending], 1));
}
