import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { formatShape, sumOfDims } from '../shape.ts';

/** Keys and values `[N, heads, S, d]`. */
export interface HeadMemory {
  readonly keys: Value;
  readonly values: Value;
}

export interface FusedAttentionOptions {
  readonly heads: number;
  /** Added to the scores: `[N or 1, heads or 1, T, S]`. */
  readonly bias?: Value | null;
}

/**
 * Scaled dot-product attention as one node of ONNX Runtime (`MultiHeadAttention`), which has kernels
 * that never hold the scores: `query [N, T, heads * d]`, and keys and values packed like it or
 * `[N, heads, S, d]`, both -> `[N, T, heads * d]`.
 */
export function fusedAttention(
  query: Value,
  { keys, values }: HeadMemory,
  { heads, bias = null }: FusedAttentionOptions,
): Value {
  requireAttention([query, keys, values], heads);
  const inputs = [query, keys, values, null, null, bias];
  return query.graph.apply('com.microsoft.MultiHeadAttention', inputs, query, {
    num_heads: { kind: 'int', value: heads },
  });
}

/**
 * {@link fusedAttention} in which a token sees those before it and itself: `query`, `keys` and
 * `values` `[N, T, heads * d]` of the last tokens, `past` of those before. Gives the past of the
 * next tokens too.
 */
export function fusedCausalAttention(
  query: Value,
  { keys, values }: HeadMemory,
  past: HeadMemory,
  heads: number,
): HeadMemory & { readonly context: Value } {
  requireAttention([query, keys, values, past.keys, past.values], heads);
  const total = sumOfDims([past.keys.shape[2], query.shape[1]]);
  const present = {
    type: query.type,
    shape: past.keys.shape.with(0, query.shape[0]).with(2, total),
  };
  const [context, nextKeys, nextValues] = query.graph.node(
    'com.microsoft.MultiHeadAttention',
    [query, keys, values, null, null, null, past.keys, past.values],
    [query, present, present],
    { num_heads: { kind: 'int', value: heads }, unidirectional: { kind: 'int', value: 1 } },
  );
  return { context, keys: nextKeys, values: nextValues };
}

function requireAttention(values: readonly Value[], heads: number): void {
  const [{ type, shape }] = values;
  const width = shape.at(-1);
  const fits =
    isFloat(type) &&
    typeof width === 'number' &&
    width % heads === 0 &&
    values.every(
      (value) =>
        value.type === type &&
        (value.shape.length === 4
          ? value.shape[1] === heads && value.shape[3] === width / heads
          : value.shape.length === 3 && value.shape[2] === width),
    );
  if (fits) return;
  const shapes = values.map((value) => `${value.type} ${formatShape(value.shape)}`);
  throw new GraphError(`attention with ${heads} heads of ${shapes.join(', ')}`);
}
