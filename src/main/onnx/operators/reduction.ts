import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';

function reduceLast(op: string, x: Value): Value {
  const shape = [...x.shape.slice(0, -1), 1];
  return x.graph.apply(
    op,
    [x, x.graph.integers([x.shape.length - 1])],
    { type: x.type, shape },
    {
      keepdims: { kind: 'int', value: 1 },
    },
  );
}

/** Euclidean length over the last axis, which stays with size 1. */
export function reduceL2(x: Value): Value {
  return reduceLast('ReduceL2', x);
}

/** The largest value over the last axis, which stays with size 1. */
export function reduceMax(x: Value): Value {
  return reduceLast('ReduceMax', x);
}

/** `log(reduceSum(exp(x)))` over the last axis, which stays with size 1. */
export function reduceLogSumExp(x: Value): Value {
  return reduceLast('ReduceLogSumExp', x);
}

/** The sum over the last axis, which stays with size 1. */
export function reduceSum(x: Value): Value {
  return reduceLast('ReduceSum', x);
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
