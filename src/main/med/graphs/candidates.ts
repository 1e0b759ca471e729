import type { Value } from '#main/onnx/graph.ts';
import { add, cast, div, mul, sub } from '#main/onnx/operators/elementwise.ts';
import { concat, pick, reshape } from '#main/onnx/operators/layout.ts';
import {
  and,
  greaterOrEqual,
  equal,
  less,
  or,
  where,
  whereElse,
} from '#main/onnx/operators/logic.ts';
import { gatherElements, topK } from '#main/onnx/operators/selection.ts';
import {
  processedLogprobs,
  type ProcessingSettings,
  type RowLogprobs,
} from './score-processing.ts';

/** What a search is told, the same in every round. */
export interface SearchSettings extends ProcessingSettings {
  /** i64 `[1]` twice: beams, and the candidates that are drawn from all their continuations. */
  readonly beams: Value;
  readonly candidates: Value;
  /** f32 `[candidates]`: 0, 1, 2, ... */
  readonly places: Value;
  /** i32 `[]`: as many as `beams`. On a GPU that one is kept by the processor, for TopK. */
  readonly beamCount: Value;
  /** bool `[]`: whether the penalty changes logits; else it changes log-probabilities. */
  readonly penalisesLogits: Value;
  readonly vocabulary: number;
}

/** Next-token scores of all rows, `width` of them a photo. */
export interface RowScores extends RowLogprobs {
  /** f32 `[rows, vocabulary]` */
  readonly logits: Value;
  /** f32 `[photos, width]` each: sums of log-probabilities, as beams are compared and as the model said. */
  readonly score: Value;
  readonly logprob: Value;
}

/** Continuations of a photo's rows, best first; all `[photos, count]`. */
export interface Candidates {
  /** i32: which of the photo's rows it continues. */
  readonly parent: Value;
  /** i32 */
  readonly token: Value;
  /** f32 each, with this token's part. */
  readonly score: Value;
  readonly logprob: Value;
}

/** The best continuations of each photo's rows. */
export function bestCandidates(settings: SearchSettings, rows: RowScores): Candidates {
  const { logprobs, score, logprob } = rows;
  const [photos, width] = score.shape;
  const words = `${width} * words`;
  const totals = reshape(totalScores(settings, rows), [photos, words]);
  const { values, indices } = topK(totals, settings.candidates, 'candidates', 'largest');
  const count = logprobs.graph.scalar('i64', settings.vocabulary);
  const parent = div(indices, count);
  return {
    parent: cast(parent, 'i32'),
    token: cast(sub(indices, mul(parent, count)), 'i32'),
    score: values,
    logprob: add(
      gatherElements(reshape(logprobs, [photos, words]), indices),
      gatherElements(logprob, parent),
    ),
  };
}

/** f32 `[rows, vocabulary]`: each row's score with every continuation's part, after the processors. */
function totalScores(settings: SearchSettings, rows: RowScores): Value {
  const { logits, logprobs, said, score } = rows;
  const penalised = where(
    settings.penalisesLogits,
    gatherElements(logits, said),
    gatherElements(logprobs, said),
  );
  const parts = processedLogprobs(settings, rows, penalised);
  return add(parts, reshape(score, [logprobs.shape[0], 1]));
}

/** What goes on of the candidates, and what has ended with them. */
export interface Selection {
  readonly running: Candidates;
  /** f32 `[photos, beams]`: the best mean scores of finished captions; -Infinity where there is none. */
  readonly finished: Value;
  /** bool `[photos]` */
  readonly done: Value;
}

/**
 * Of the candidates, the first `beams` that are not [SEP] run on. Those that are finish a caption
 * if they rank among the first `beams`. A photo is done once `beams` captions are finished and the
 * best running one's mean score is no better than the worst of them.
 *
 * @param before f32 `[photos, any]` and bool `[photos]`, of the round before
 * @param length f32 `[]`: tokens of the candidates
 */
export function selectRunning(
  settings: SearchSettings,
  candidates: Candidates,
  before: { readonly finished: Value; readonly done: Value },
  length: Value,
): Selection {
  const { beams, places, beamCount, sep } = settings;
  const { token, score } = candidates;
  const isEnd = equal(token, sep);
  const ends = and(isEnd, less(places, cast(beamCount, 'f32')));
  const fresh = whereElse(ends, div(score, length), -Infinity);
  const finished = topK(concat([before.finished, fresh], 1), beams, 'beams', 'largest').values;
  const running = runningOf(settings, candidates, isEnd);
  const best = div(pick(running.score, 0, 1), length);
  return { running, finished, done: or(before.done, greaterOrEqual(pick(finished, -1, 1), best)) };
}

function runningOf(settings: SearchSettings, candidates: Candidates, isEnd: Value): Candidates {
  const { beams, places } = settings;
  // By place and not by score: of equal scores, this and whoever replays it must keep the same.
  const behindAll = places.graph.scalar('f32', 1e6);
  const order = add(places, mul(cast(isEnd, 'f32'), behindAll));
  const chosen = topK(order, beams, 'beams', 'smallest').indices;
  return {
    parent: gatherElements(candidates.parent, chosen),
    token: gatherElements(candidates.token, chosen),
    score: gatherElements(candidates.score, chosen),
    logprob: gatherElements(candidates.logprob, chosen),
  };
}
