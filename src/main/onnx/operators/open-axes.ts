import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { elementCount, formatShape, normalizeAxis, sumOfDims, type Dim } from '../shape.ts';
import { cast } from './elementwise.ts';
import { concat, sizeOf } from './layout.ts';

/** Operators along axes whose sizes may be known only when the graph runs. */

/** An end of Slice beyond every tensor. */
const BEHIND_ALL = Number.MAX_SAFE_INTEGER;

/** How many elements lie along some axes together, as f32 `[]`. */
export function countAlong(x: Value, axes: readonly number[]): Value {
  const known = elementCount(axes.map((axis) => x.shape[axis]));
  if (known !== null) return x.graph.scalar('f32', known);
  const sizes = concat(
    axes.map((axis) => sizeOf(x, axis)),
    0,
  );
  const count = x.graph.apply(
    'ReduceProd',
    [sizes],
    { type: 'i64', shape: [] },
    { keepdims: { kind: 'int', value: 0 } },
  );
  return cast(count, 'f32');
}

/**
 * `x` cut into parts along one axis, as long as those of other tensors, which together are as long as
 * `x`.
 */
export function splitLike(x: Value, parts: readonly Value[], axis: number): Value[] {
  const along = normalizeAxis(axis, x.shape.length);
  const lengths = parts.map(({ shape }) => shape[along]);
  if (sumOfDims(lengths) !== x.shape[along]) {
    throw new GraphError(`Split of ${formatShape(x.shape)} into ${lengths.join(', ')}`);
  }
  const sizes = lengths.every((length) => typeof length === 'number')
    ? x.graph.integers(lengths)
    : concat(
        parts.map((part) => sizeOf(part, along)),
        0,
      );
  return x.graph.node(
    'Split',
    [x, sizes],
    lengths.map((length) => ({ type: x.type, shape: x.shape.with(along, length) })),
    { axis: { kind: 'int', value: along } },
  );
}

/**
 * `x` without its first `before` and last `after` elements along one axis.
 *
 * @param size what the axis is called from then on
 */
export function trim(x: Value, axis: number, before: number, after: number, size: Dim): Value {
  const along = normalizeAxis(axis, x.shape.length);
  const known = x.shape[along];
  if (before < 0 || after < 0 || (typeof known === 'number' && known - before - after !== size)) {
    throw new GraphError(`${size} of ${formatShape(x.shape)} along ${axis}`);
  }
  const end = after === 0 ? BEHIND_ALL : -after;
  const operands = [before, end, along].map((value) => x.graph.integers([value]));
  return x.graph.apply('Slice', [x, ...operands], {
    type: x.type,
    shape: x.shape.with(along, size),
  });
}

/**
 * The first `count` (i64 `[1]`) elements of `x` along one axis.
 *
 * @param size what the axis is called from then on
 */
export function firstOf(x: Value, count: Value, axis: number, size: Dim): Value {
  if (count.type !== 'i64' || count.shape.join() !== '1') {
    throw new GraphError(`Slice by ${count.type} ${formatShape(count.shape)}`);
  }
  const along = normalizeAxis(axis, x.shape.length);
  const [start, axes] = [x.graph.integers([0]), x.graph.integers([along])];
  return x.graph.apply('Slice', [x, start, count, axes], {
    type: x.type,
    shape: x.shape.with(along, size),
  });
}

/**
 * The last `count` elements of `x` along one axis, or all where there are fewer.
 *
 * @param size what the axis is called from then on
 */
export function lastOf(x: Value, count: number, axis: number, size: Dim): Value {
  if (!Number.isInteger(count) || count < 1) throw new GraphError(`Slice of the last ${count}`);
  const along = normalizeAxis(axis, x.shape.length);
  const operands = [-count, BEHIND_ALL, along].map((value) => x.graph.integers([value]));
  return x.graph.apply('Slice', [x, ...operands], {
    type: x.type,
    shape: x.shape.with(along, size),
  });
}
