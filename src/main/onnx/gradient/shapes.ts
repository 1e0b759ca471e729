import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { cast } from '../operators/elementwise.ts';
import { expandLike, reshape } from '../operators/layout.ts';
import { reduceSum } from '../operators/reduction.ts';
import { elementCount, formatShape, type Dim, type Shape } from '../shape.ts';

/**
 * The gradient of a broadcast: `x` summed over the axes along which `like` was repeated to the shape
 * of `x`. Symbolic dimensions broadcast with themselves and 1 only, so that it is known which.
 *
 * @throws GraphError when `like` does not broadcast to that shape
 */
export function sumToShape(x: Value, like: Value): Value {
  const added = x.shape.length - like.shape.length;
  const isRepeated = (axis: number) => like.shape[axis] === 1 && x.shape[axis + added] !== 1;
  const fits = like.shape.every((dim, axis) => isRepeated(axis) || dim === x.shape[axis + added]);
  if (added < 0 || !fits) {
    throw new GraphError(
      `${like.name} ${formatShape(like.shape)} has a gradient of ${formatShape(x.shape)}`,
    );
  }
  const leading = Array.from({ length: added }, (_, axis) => axis);
  const repeated = like.shape.flatMap((_, axis) => (isRepeated(axis) ? [axis] : []));
  const narrow = added === 0 ? x : reduceSum(x, { axes: leading, keepsAxes: false });
  return repeated.length === 0 ? narrow : reduceSum(narrow, { axes: repeated });
}

/** The size of some dimensions together, as one. */
export function sizeOfAll(dims: Shape): Dim {
  if (dims.length === 1) return dims[0];
  return elementCount(dims) ?? dims.join(' * ');
}

/** A tensor of one number in the type and shape of another. */
export function filledLike(like: Value, value: number): Value {
  return expandLike(cast(like.graph.scalar('f32', value), like.type), like);
}

/** `x` in the shape of `like`, which has as many elements. */
export function reshapeLike(x: Value, like: Value): Value {
  return x.shape.join() === like.shape.join() ? x : reshape(x, like.shape, like);
}
