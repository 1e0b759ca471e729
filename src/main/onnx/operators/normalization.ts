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
