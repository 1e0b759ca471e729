import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { formatShape, normalizeAxis } from '../shape.ts';

/** Softmax over one axis. */
export function softmax(x: Value, axis: number): Value {
  if (!isFloat(x.type)) throw new GraphError(`Softmax of ${x.type}`);
  const value = normalizeAxis(axis, x.shape.length);
  return x.graph.apply('Softmax', [x], x, { axis: { kind: 'int', value } });
}

/** Logarithm of the softmax over the last axis. */
export function logSoftmax(x: Value): Value {
  if (!isFloat(x.type)) throw new GraphError(`LogSoftmax of ${x.type}`);
  return x.graph.apply('LogSoftmax', [x], x, { axis: { kind: 'int', value: -1 } });
}

/** Layer normalisation over the last axis, `gain` and `bias` of that width. */
export function layerNormalization(x: Value, gain: Value, bias: Value, epsilon: number): Value {
  const width = x.shape.at(-1);
  if (gain.shape.length !== 1 || gain.shape[0] !== width || bias.shape[0] !== width) {
    throw new GraphError(
      `LayerNormalization of ${formatShape(x.shape)} with gain ${formatShape(gain.shape)}`,
    );
  }
  return x.graph.apply('LayerNormalization', [x, gain, bias], x, {
    axis: { kind: 'int', value: -1 },
    epsilon: { kind: 'float', value: epsilon },
  });
}

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
export function l2Norm(x: Value): Value {
  return reduceLast('ReduceL2', x);
}

/** The largest absolute value over the last axis, which stays with size 1. */
export function largestMagnitude(x: Value): Value {
  return reduceLast('ReduceMax', x.graph.apply('Abs', [x], x));
}

/** `log(sum(exp(x)))` over the last axis, which stays with size 1. */
export function logSumExp(x: Value): Value {
  return reduceLast('ReduceLogSumExp', x);
}
