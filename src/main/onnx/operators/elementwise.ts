import type { ElementType } from '../element-type.ts';
import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { broadcast } from '../shape.ts';

function binary(op: string, a: Value, b: Value): Value {
  if (a.type !== b.type) throw new GraphError(`${op} of ${a.type} and ${b.type}`);
  return a.graph.apply(op, [a, b], { type: a.type, shape: broadcast(a.shape, b.shape) });
}

/** `a + b`, broadcast. */
export function add(a: Value, b: Value): Value {
  return binary('Add', a, b);
}

/** `a - b`, broadcast. */
export function sub(a: Value, b: Value): Value {
  return binary('Sub', a, b);
}

/** `a * b`, broadcast. */
export function mul(a: Value, b: Value): Value {
  return binary('Mul', a, b);
}

/** `a / b`, broadcast; of integers without the fraction. */
export function div(a: Value, b: Value): Value {
  return binary('Div', a, b);
}

/** `x * factor` for a number. */
export function scale(x: Value, factor: number): Value {
  return mul(x, constantLike(x, factor));
}

/** The smaller of two, element by element, broadcast. */
export function min(a: Value, b: Value): Value {
  return binary('Min', a, b);
}

/** `x` kept within two numbers, or above one. */
export function clip(x: Value, minimum: number, maximum?: number): Value {
  const limits = maximum === undefined ? [minimum] : [minimum, maximum];
  return x.graph.apply('Clip', [x, ...limits.map((limit) => constantLike(x, limit))], x);
}

/** The absolute value, element by element. */
export function abs(x: Value): Value {
  return x.graph.apply('Abs', [x], x);
}

function unary(op: string, x: Value): Value {
  if (!isFloat(x.type)) throw new GraphError(`${op} of ${x.type}`);
  return x.graph.apply(op, [x], x);
}

/** The square root, element by element. */
export function sqrt(x: Value): Value {
  return unary('Sqrt', x);
}

/** `e ** x`, element by element. */
export function exp(x: Value): Value {
  return unary('Exp', x);
}

/** The error function, element by element. */
export function erf(x: Value): Value {
  return unary('Erf', x);
}

/** The hyperbolic tangent, element by element. */
export function tanh(x: Value): Value {
  return unary('Tanh', x);
}

/** `x ** exponent`, broadcast. */
export function pow(x: Value, exponent: Value): Value {
  return binary('Pow', x, exponent);
}

/** Gaussian error linear unit, the exact form with erf. */
export function gelu(x: Value): Value {
  if (!isFloat(x.type)) throw new GraphError(`Gelu of ${x.type}`);
  return x.graph.apply('Gelu', [x], x, { approximate: { kind: 'string', value: 'none' } });
}

/** `x` as another element type; `x` itself when it has that type. */
export function cast(x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  return x.graph.apply(
    'Cast',
    [x],
    { type, shape: x.shape },
    { to: { kind: 'type', value: type } },
  );
}

/** A number as a constant in the type of `x`, of rank 0. */
export function constantLike(x: Value, value: number): Value {
  if (!isFloat(x.type)) throw new GraphError(`number constant for a tensor of ${x.type}`);
  return cast(x.graph.scalar('f32', value), x.type);
}
