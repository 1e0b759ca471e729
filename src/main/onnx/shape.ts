import { GraphError } from './graph-error.ts';

/** A size known when the graph is built, or the name of one that is known when it runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Elements of a shape; null when a dimension is symbolic. */
export function elementCount(shape: Shape): number | null {
  let count = 1;
  for (const dim of shape) {
    if (typeof dim === 'string') return null;
    count *= dim;
  }
  return count;
}

/** The size of several dimensions laid end to end. */
export function sumOfDims(dims: readonly Dim[]): Dim {
  return dims.every((dim) => typeof dim === 'number')
    ? dims.reduce((sum, dim) => sum + dim, 0)
    : dims.join(' + ');
}

/**
 * The shape two operands broadcast to, by the rules of NumPy. Symbolic dimensions broadcast with
 * themselves and with 1 only, so that a mistake shows when the graph is built.
 *
 * @throws GraphError when the shapes do not go together
 */
export function broadcast(a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new GraphError(`cannot broadcast ${formatShape(a)} with ${formatShape(b)}`);
  });
}

/** `axis` counted from the front, where a negative one counts from the back. */
export function normalizeAxis(axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(normalized) || normalized < 0 || normalized >= rank) {
    throw new GraphError(`axis ${axis} is outside a tensor of rank ${rank}`);
  }
  return normalized;
}
