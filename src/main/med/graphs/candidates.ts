import type { Value } from '#main/onnx/graph.ts';
import { add, cast, div, mul, sub } from '#main/onnx/operators/elementwise.ts';
import { concat, expandLike, pick, reshape } from '#main/onnx/operators/layout.ts';
import { and, atLeastAs, equal, less, or, where, whereElse } from '#main/onnx/operators/logic.ts';
import { gatherElements, scatterElements, topK } from '#main/onnx/operators/selection.ts';

/** What a search is told, the same in every round. */
export interface SearchSettings {
  /** i64 `[1]` twice: beams, and the candidates that are drawn from all their continuations. */
  readonly beams: Value;
  readonly candidates: Value;
  /** f32 `[candidates]`: 0, 1, 2, ... */
  readonly places: Value;
  /** i32 `[]`: as many as `beams`. On a GPU that one is kept by the processor, for TopK. */
  readonly beamCount: Value;
  /** f32 `[]`: tokens before which [SEP] must not come. */
  readonly minTokens: Value;
  /** f32 `[]` */
  readonly repetitionPenalty: Value;
  /** f32 `[]`: 1 where the penalty changes log-probabilities, 0 where it changes logits. */
  readonly penalisedLogSumExp: Value;
  /** i32 `[]` */
  readonly sep: Value;
  readonly vocabulary: number;
}

/** Next-token scores of all rows, `width` of them a photo. */
export interface RowScores {
  /** f32 `[rows, vocabulary]` */
  readonly logits: Value;
  /** f32 `[rows, 1]` */
  readonly logSumExp: Value;
  /** i32 `[rows, said]`: prompt and generated tokens. */
  readonly said: Value;
  /** f32 `[]`: tokens generated before this one. */
  readonly length: Value;
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
  const { logits, logSumExp, score, logprob } = rows;
  const [photos, width] = score.shape;
  const words = `${width} * words`;
  const offset = sub(reshape(score, [logits.shape[0], 1]), logSumExp);
  const totals = reshape(add(processed(settings, rows), offset), [photos, words]);
  const { values, indices } = topK(totals, settings.candidates, 'candidates', 'largest');
  const count = logits.graph.scalar('i64', settings.vocabulary);
  const parent = div(indices, count);
  const said = sub(reshape(logprob, [logits.shape[0], 1]), logSumExp);
  return {
    parent: cast(parent, 'i32'),
    token: cast(sub(indices, mul(parent, count)), 'i32'),
    score: values,
    logprob: add(
      gatherElements(reshape(logits, [photos, words]), indices),
      gatherElements(reshape(said, score.shape), parent),
    ),
  };
}

/** The logits after the repetition penalty and the minimum length; only what was said changes. */
function processed(settings: SearchSettings, rows: RowScores): Value {
  const { logits, logSumExp, said, length } = rows;
  const { repetitionPenalty, penalisedLogSumExp, minTokens, sep } = settings;
  const before = gatherElements(logits, said);
  const compared = sub(before, mul(logSumExp, penalisedLogSumExp));
  const after = where(
    less(compared, logits.graph.scalar('f32', 0)),
    mul(compared, repetitionPenalty),
    div(compared, repetitionPenalty),
  );
  const end = expandLike(sep, logSumExp);
  const isEarly = less(length, minTokens);
  const endLogit = where(
    isEarly,
    logits.graph.scalar('f32', -Infinity),
    gatherElements(logits, end),
  );
  // The penalty as a difference, so that a penalty of 1 leaves the very same numbers.
  const changed = add(before, sub(after, compared));
  return scatterElements(logits, concat([said, end], 1), concat([changed, endLogit], 1));
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
  return { running, finished, done: or(before.done, atLeastAs(pick(finished, -1, 1), best)) };
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
