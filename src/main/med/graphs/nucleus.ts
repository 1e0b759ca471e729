import type { Value } from '#main/onnx/graph.ts';
import { cast, clip, div, min, mul, sqrt, sub } from '#main/onnx/operators/elementwise.ts';
import { reshape } from '#main/onnx/operators/layout.ts';
import { and, greaterOrEqual, less, where, whereElse } from '#main/onnx/operators/logic.ts';
import { cumSum, reduceMaxOfAll, reduceSum } from '#main/onnx/operators/reduction.ts';
import { gatherElements, topK } from '#main/onnx/operators/selection.ts';

/** The tokens of each row that may be drawn. */
export interface Nucleus {
  /** i64 `[rows, likely]`: the nucleus of every row and perhaps more, likeliest first. */
  readonly tokens: Value;
  /** f32 `[rows, likely]`: probability of a token and those before it. */
  readonly reached: Value;
  /** f32 `[rows, 1]`: probability of the nucleus. */
  readonly mass: Value;
}

/**
 * The smallest set of likeliest tokens whose probabilities reach `topP`, as
 * `decoding/nucleus-search.ts` finds it.
 *
 * @param probabilities f32 `[rows, vocabulary]`
 * @param topP f32 `[]`
 */
export function nucleusOf(probabilities: Value, topP: Value, vocabulary: number): Nucleus {
  const { graph } = topP;
  const least = likelyFrom(probabilities, topP, vocabulary);
  const most = clip(
    reduceMaxOfAll(reduceSum(cast(greaterOrEqual(probabilities, least), 'f32'))),
    1,
  );
  const count = cast(reshape(most, [1]), 'i64');
  const { values, indices } = topK(probabilities, count, 'likely', 'largest');
  const reached = cumSum(values);
  const before = reduceSum(cast(less(reached, topP), 'f32'));
  // Rounded sums may never reach a topP of nearly 1.
  const last = min(before, sub(most, graph.scalar('f32', 1)));
  const mass = gatherElements(reached, cast(last, 'i64'));
  return { tokens: indices, reached, mass };
}

/** Halvings of the range, on a logarithmic scale, in which the least probability of a nucleus lies. */
const HALVINGS = 5;

/**
 * A probability, f32 `[rows, 1]`, such that the tokens at or above it are the nucleus and not many
 * more. Sorting the whole vocabulary would cost more than this.
 */
function likelyFrom(probabilities: Value, topP: Value, vocabulary: number): Value {
  const { graph } = topP;
  // All tokens below this together have less than 1 - topP.
  let low = div(sub(graph.scalar('f32', 1), topP), graph.scalar('f32', vocabulary));
  let high = graph.scalar('f32', 1);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = sqrt(mul(low, high));
    const above = whereElse(greaterOrEqual(probabilities, middle), probabilities, 0);
    const isReached = greaterOrEqual(reduceSum(above), topP);
    low = where(isReached, middle, low);
    high = where(isReached, high, middle);
  }
  return low;
}

/**
 * The place in its nucleus that a uniform number in [0, 1) falls on, row by row.
 *
 * @param uniform f32 `[rows, 1]`
 * @returns i64 `[rows, 1]`
 */
export function placeOf(uniform: Value, reached: Value, mass: Value): Value {
  const isBefore = greaterOrEqual(mul(uniform, mass), reached);
  // A product that is rounded up to the whole mass must not lead out of the nucleus.
  const isPassed = and(isBefore, less(reached, mass));
  return cast(reduceSum(cast(isPassed, 'f32')), 'i64');
}
