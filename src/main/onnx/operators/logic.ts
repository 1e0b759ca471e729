import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { broadcast } from '../shape.ts';
import { cast } from './elementwise.ts';
import { reduceMaxOfAll } from './reduction.ts';

function compare(op: string, a: Value, b: Value): Value {
  if (a.type !== b.type || a.type === 'bool')
    throw new GraphError(`${op} of ${a.type} and ${b.type}`);
  return a.graph.apply(op, [a, b], { type: 'bool', shape: broadcast(a.shape, b.shape) });
}

function combine(op: string, a: Value, b: Value): Value {
  if (a.type !== 'bool' || b.type !== 'bool') {
    throw new GraphError(`${op} of ${a.type} and ${b.type}`);
  }
  return a.graph.apply(op, [a, b], { type: 'bool', shape: broadcast(a.shape, b.shape) });
}

/** `a < b`, broadcast. */
export function less(a: Value, b: Value): Value {
  return compare('Less', a, b);
}

/** `a >= b`, broadcast. */
export function greaterOrEqual(a: Value, b: Value): Value {
  return compare('GreaterOrEqual', a, b);
}

/** `a == b`, broadcast. */
export function equal(a: Value, b: Value): Value {
  return compare('Equal', a, b);
}

/** `a && b`, broadcast. */
export function and(a: Value, b: Value): Value {
  return combine('And', a, b);
}

/** `a || b`, broadcast. */
export function or(a: Value, b: Value): Value {
  return combine('Or', a, b);
}

/** `!a` */
export function not(a: Value): Value {
  if (a.type !== 'bool') throw new GraphError(`Not of ${a.type}`);
  return a.graph.apply('Not', [a], a);
}

/** Whether an element of `a` is true: bool `[]`. */
export function any(a: Value): Value {
  if (a.type !== 'bool') throw new GraphError(`any of ${a.type}`);
  return cast(reduceMaxOfAll(cast(a, 'i32')), 'bool');
}

/** `a` where `condition` holds and `b` elsewhere, broadcast. */
export function where(condition: Value, a: Value, b: Value): Value {
  if (condition.type !== 'bool' || a.type !== b.type) {
    throw new GraphError(`Where of ${condition.type}, ${a.type} and ${b.type}`);
  }
  const shape = broadcast(condition.shape, broadcast(a.shape, b.shape));
  return condition.graph.apply('Where', [condition, a, b], { type: a.type, shape });
}

/** `a` where `condition` holds and a number elsewhere. */
export function whereElse(condition: Value, a: Value, otherwise: number): Value {
  if (!isFloat(a.type)) throw new GraphError(`number constant for a tensor of ${a.type}`);
  return where(condition, a, cast(condition.graph.scalar('f32', otherwise), a.type));
}
