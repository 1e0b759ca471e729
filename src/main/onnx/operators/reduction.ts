import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { normalizeAxis } from '../shape.ts';

export interface ReductionOptions {
  /** The last one unless others are named. */
  readonly axes?: readonly number[];
  /** Whether the axes stay, with size 1; they do unless it is said. */
  readonly keepsAxes?: boolean;
}

function reduce(
  op: string,
  x: Value,
  { axes = [-1], keepsAxes = true }: ReductionOptions = {},
): Value {
  const along = axes.map((axis) => normalizeAxis(axis, x.shape.length)).sort((a, b) => a - b);
  if (along.length === 0 || new Set(along).size < along.length) {
    throw new GraphError(`${op} over axes [${axes.join(', ')}]`);
  }
  const shape = keepsAxes
    ? x.shape.map((dim, axis) => (along.includes(axis) ? 1 : dim))
    : x.shape.filter((_, axis) => !along.includes(axis));
  return x.graph.apply(
    op,
    [x, x.graph.integers(along)],
    { type: x.type, shape },
    { keepdims: { kind: 'int', value: keepsAxes ? 1 : 0 } },
  );
}

/** Euclidean length over the last axis, which stays with size 1. */
export function reduceL2(x: Value): Value {
  return reduce('ReduceL2', x);
}

/** The largest value over the last axis, which stays with size 1. */
export function reduceMax(x: Value): Value {
  return reduce('ReduceMax', x);
}

/** `log(reduceSum(exp(x)))` over the last axis, which stays with size 1. */
export function reduceLogSumExp(x: Value): Value {
  return reduce('ReduceLogSumExp', x);
}

/** The sum over some axes. */
export function reduceSum(x: Value, options?: ReductionOptions): Value {
  return reduce('ReduceSum', x, options);
}

/** The mean over some axes. */
export function reduceMean(x: Value, options?: ReductionOptions): Value {
  if (!isFloat(x.type)) throw new GraphError(`ReduceMean of ${x.type}`);
  return reduce('ReduceMean', x, options);
}

/** The largest number of all: `[]`. */
export function reduceMaxOfAll(x: Value): Value {
  return x.graph.apply(
    'ReduceMax',
    [x],
    { type: x.type, shape: [] },
    { keepdims: { kind: 'int', value: 0 } },
  );
}

/** Sums along the last axis of every element and those before it. */
export function cumSum(x: Value): Value {
  if (!isFloat(x.type)) throw new GraphError(`CumSum of ${x.type}`);
  return x.graph.apply('CumSum', [x, x.graph.scalar('i32', x.shape.length - 1)], x);
}
