import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import {
  broadcast,
  elementCount,
  formatShape,
  normalizeAxis,
  sumOfDims,
  type Dim,
  type Shape,
} from '../shape.ts';

/** Axes in another order: axis `i` of the result is axis `order[i]` of `x`. */
export function transpose(x: Value, order: readonly number[]): Value {
  const sorted = order.toSorted((a, b) => a - b);
  if (order.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
    throw new GraphError(`Transpose of ${formatShape(x.shape)} by ${formatShape(order)}`);
  }
  const shape = order.map((axis) => x.shape[axis]);
  return x.graph.apply(
    'Transpose',
    [x],
    { type: x.type, shape },
    {
      perm: { kind: 'ints', value: order },
    },
  );
}

/**
 * The same elements under another shape. A symbolic dimension may stand where `x` has it, be one
 * that `x`, an input of the graph or `like` carries, or (one of them) be worked out from the rest.
 *
 * @throws GraphError when the element counts differ or two dimensions cannot be known
 */
export function reshape(x: Value, shape: Shape, like: Value = x): Value {
  const [before, after] = [elementCount(x.shape), elementCount(shape)];
  if (before !== null && after !== null && before !== after) {
    throw new GraphError(`Reshape of ${formatShape(x.shape)} to ${formatShape(shape)}`);
  }
  const operand = shapeOperand(x, shape, like);
  return x.graph.apply('Reshape', [x, operand], { type: x.type, shape });
}

/** The second operand of Reshape: 0 copies a dimension of `x`, one -1 stands for the rest. */
function shapeOperand(x: Value, shape: Shape, like: Value): Value {
  const isOpen = (dim: Dim, axis: number) => typeof dim === 'string' && dim !== x.shape[axis];
  const open = shape.flatMap((dim, axis) => (isOpen(dim, axis) ? [axis] : []));
  const inferred = open.find((axis) => carrierOf(shape[axis], [x, like]) === null) ?? open[0];
  const numbers = shape.map((dim, axis) =>
    typeof dim === 'number' ? dim : axis === inferred ? -1 : 0,
  );
  const carried = open.filter((axis) => axis !== inferred);
  if (carried.length === 0) return x.graph.integers(numbers);
  const parts = shape.map((dim, axis) =>
    carried.includes(axis) ? dimension(dim, [x, like]) : x.graph.integers([numbers[axis]]),
  );
  return concat(parts, 0);
}

/** The value and axis that carry a symbolic dimension: an input of the graphs around, or one of `others`. */
function carrierOf(dim: Dim, others: readonly Value[]): { value: Value; axis: number } | null {
  const carrier = others[0].graph.carrierOf(dim);
  if (carrier !== null) return { value: carrier.input, axis: carrier.axis };
  const value = others.find(({ shape }) => shape.includes(dim));
  return value === undefined ? null : { value, axis: value.shape.indexOf(dim) };
}

/** The run-time size of a symbolic dimension as `i64 [1]`, read off a value that has it. */
function dimension(dim: Dim, others: readonly Value[]): Value {
  const carrier = carrierOf(dim, others);
  if (carrier === null) {
    throw new GraphError(`no input of ${others[0].graph.name} carries the size ${dim}`);
  }
  return sizeOf(carrier.value, carrier.axis);
}

/** The size of one axis as `i64 [1]`. */
export function sizeOf(x: Value, axis: number): Value {
  const size = x.shape[axis];
  if (typeof size === 'number') return x.graph.integers([size]);
  return x.graph.apply(
    'Shape',
    [x],
    { type: 'i64', shape: [1] },
    { start: { kind: 'int', value: axis }, end: { kind: 'int', value: axis + 1 } },
  );
}

/** `x` repeated to a shape it broadcasts to; symbolic dimensions are those of inputs of the graph. */
export function expand(x: Value, shape: Shape): Value {
  if (broadcast(x.shape, shape).join() !== shape.join()) {
    throw new GraphError(`Expand of ${formatShape(x.shape)} to ${formatShape(shape)}`);
  }
  const parts = shape.map((dim) =>
    typeof dim === 'number' ? x.graph.integers([dim]) : dimension(dim, [x]),
  );
  return x.graph.apply('Expand', [x, concat(parts, 0)], { type: x.type, shape });
}

/** `x` repeated to the shape of another tensor. */
export function expandLike(x: Value, like: Value): Value {
  if (broadcast(x.shape, like.shape).join() !== like.shape.join()) {
    throw new GraphError(`Expand of ${formatShape(x.shape)} to ${formatShape(like.shape)}`);
  }
  const sizes = like.graph.apply('Shape', [like], { type: 'i64', shape: [like.shape.length] });
  return x.graph.apply('Expand', [x, sizes], { type: x.type, shape: like.shape });
}

/** Tensors laid end to end along one axis; the other axes agree. */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  const along = normalizeAxis(axis, first.shape.length);
  for (const { type, shape } of values) {
    const fits =
      type === first.type &&
      shape.length === first.shape.length &&
      shape.every((dim, i) => i === along || dim === first.shape[i]);
    if (!fits) {
      throw new GraphError(
        `Concat of ${formatShape(first.shape)} and ${formatShape(shape)} along ${axis}`,
      );
    }
  }
  const shape = first.shape.with(along, sumOfDims(values.map((value) => value.shape[along])));
  return first.graph.apply(
    'Concat',
    values,
    { type: first.type, shape },
    {
      axis: { kind: 'int', value: along },
    },
  );
}

/** `x` cut into equal parts along one axis of known size. */
export function split(x: Value, parts: number, axis: number): Value[] {
  const along = normalizeAxis(axis, x.shape.length);
  const size = x.shape[along];
  if (typeof size !== 'number' || size % parts !== 0) {
    throw new GraphError(`Split of ${formatShape(x.shape)} into ${parts} along ${axis}`);
  }
  const output = { type: x.type, shape: x.shape.with(along, size / parts) };
  return x.graph.node(
    'Split',
    [x],
    Array.from({ length: parts }, () => output),
    {
      axis: { kind: 'int', value: along },
      num_outputs: { kind: 'int', value: parts },
    },
  );
}

/**
 * `x` with zeros before and after it along one axis.
 *
 * @param size what the axis is called from then on, where its size is not known
 */
export function pad(
  x: Value,
  axis: number,
  before: number,
  after: number,
  size: Dim = sumOfDims(
    [before, x.shape[normalizeAxis(axis, x.shape.length)], after].filter(Boolean),
  ),
): Value {
  const along = normalizeAxis(axis, x.shape.length);
  const known = x.shape[along];
  if (typeof known === 'number' && size !== before + known + after) {
    throw new GraphError(`Pad of ${formatShape(x.shape)} along ${axis} to ${size}`);
  }
  const pads = x.shape.map(() => 0);
  const operand = x.graph.integers([...pads.with(along, before), ...pads.with(along, after)]);
  return x.graph.apply('Pad', [x, operand], { type: x.type, shape: x.shape.with(along, size) });
}

/** Elements `start` to `end` (exclusive) of `x` along one axis of known size. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const along = normalizeAxis(axis, x.shape.length);
  const size = x.shape[along];
  if (typeof size !== 'number' || start < 0 || end > size || start >= end) {
    throw new GraphError(`Slice ${start} to ${end} of ${formatShape(x.shape)} along ${axis}`);
  }
  const operands = [start, end, along].map((value) => x.graph.integers([value]));
  return x.graph.apply('Slice', [x, ...operands], {
    type: x.type,
    shape: x.shape.with(along, end - start),
  });
}

/**
 * Slices of `x` along one axis, picked by `indices` (i32 or i64): the axis is replaced by the axes of
 * `indices`, so a scalar index drops it.
 */
export function gather(x: Value, indices: Value, axis: number): Value {
  if (indices.type !== 'i32' && indices.type !== 'i64')
    throw new GraphError(`Gather by indices of ${indices.type}`);
  const along = normalizeAxis(axis, x.shape.length);
  const shape = x.shape.toSpliced(along, 1, ...indices.shape);
  return x.graph.apply(
    'Gather',
    [x, indices],
    { type: x.type, shape },
    {
      axis: { kind: 'int', value: along },
    },
  );
}

/** Slice `index` of `x` along one axis, which is dropped. */
export function pick(x: Value, index: number, axis: number): Value {
  return gather(x, x.graph.scalar('i32', index), axis);
}
