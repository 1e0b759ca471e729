import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { formatShape, normalizeAxis, type Dim } from '../shape.ts';

/** Elements of a tensor and where they stood along its last axis. */
export interface Ranked {
  readonly values: Value;
  /** i64 */
  readonly indices: Value;
}

/**
 * The `count` (i64 `[1]`) largest or smallest numbers along the last axis, in order.
 *
 * @param size what the last axis is called from then on
 */
export function topK(x: Value, count: Value, size: Dim, order: 'largest' | 'smallest'): Ranked {
  if (count.type !== 'i64' || x.type === 'bool') {
    throw new GraphError(`TopK of ${x.type} by ${count.type}`);
  }
  const shape = x.shape.with(normalizeAxis(-1, x.shape.length), size);
  const [values, indices] = x.graph.node(
    'TopK',
    [x, count],
    [
      { type: x.type, shape },
      { type: 'i64', shape },
    ],
    {
      axis: { kind: 'int', value: -1 },
      largest: { kind: 'int', value: order === 'largest' ? 1 : 0 },
    },
  );
  return { values, indices };
}

/** Where along the last axis the largest number stands, the first of equals: i64, without that axis. */
export function argMax(x: Value): Value {
  if (!isFloat(x.type)) throw new GraphError(`ArgMax of ${x.type}`);
  return x.graph.apply(
    'ArgMax',
    [x],
    { type: 'i64', shape: x.shape.slice(0, -1) },
    { axis: { kind: 'int', value: -1 }, keepdims: { kind: 'int', value: 0 } },
  );
}

/**
 * Elements picked along the last axis, row by row: `result[r, i] = x[r, indices[r, i]]` with
 * `indices` i32 or i64 of the same rank.
 */
export function gatherElements(x: Value, indices: Value): Value {
  requireRows(x, indices, 'GatherElements');
  return x.graph.apply(
    'GatherElements',
    [x, indices],
    { type: x.type, shape: indices.shape },
    last,
  );
}

/**
 * `x` with elements along the last axis replaced, row by row: `result[r, indices[r, i]] =
 * updates[r, i]`. Indices that come twice in a row need equal updates.
 */
export function scatterElements(x: Value, indices: Value, updates: Value): Value {
  requireRows(x, indices, 'ScatterElements');
  if (updates.type !== x.type || updates.shape.join() !== indices.shape.join()) {
    throw new GraphError(
      `ScatterElements of ${updates.type} ${formatShape(updates.shape)} at ${formatShape(indices.shape)}`,
    );
  }
  return x.graph.apply('ScatterElements', [x, indices, updates], x, last);
}

/**
 * `x` with numbers added along one axis: `updates[..., i, ...]` to where `indices[..., i, ...]` (i32
 * or i64, of the shape of `updates`) says. What comes to the same place is summed; on a GPU in any
 * order.
 */
export function scatterAdd(x: Value, indices: Value, updates: Value, axis: number): Value {
  const along = normalizeAxis(axis, x.shape.length);
  const fits =
    (indices.type === 'i32' || indices.type === 'i64') &&
    updates.type === x.type &&
    updates.shape.join() === indices.shape.join() &&
    updates.shape.length === x.shape.length &&
    updates.shape.every((dim, i) => i === along || dim === x.shape[i]);
  if (!fits) {
    throw new GraphError(
      `ScatterElements of ${updates.type} ${formatShape(updates.shape)} at ${indices.type} ` +
        `${formatShape(indices.shape)} into ${x.type} ${formatShape(x.shape)}`,
    );
  }
  return x.graph.apply('ScatterElements', [x, indices, updates], x, {
    axis: { kind: 'int', value: along },
    reduction: { kind: 'string', value: 'add' },
  });
}

const last = { axis: { kind: 'int', value: -1 } } as const;

function requireRows(x: Value, indices: Value, op: string): void {
  const fits =
    (indices.type === 'i32' || indices.type === 'i64') &&
    indices.shape.length === x.shape.length &&
    indices.shape.slice(0, -1).join() === x.shape.slice(0, -1).join();
  if (fits) return;
  throw new GraphError(
    `${op} of ${formatShape(x.shape)} by ${indices.type} ${formatShape(indices.shape)}`,
  );
}
