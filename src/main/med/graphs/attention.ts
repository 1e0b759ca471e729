import type { Value } from '#main/onnx/graph.ts';
import { add, scale } from '#main/onnx/operators/elementwise.ts';
import {
  fusedAttention,
  fusedCausalAttention,
  type HeadMemory,
} from '#main/onnx/operators/fused-attention.ts';
import { concat, expand, reshape, transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { softmax } from '#main/onnx/operators/normalization.ts';
import type { Dim } from '#main/onnx/shape.ts';
import { knownSize } from './layers.ts';
import type { Target } from './target.ts';

/**
 * Multi-head attention in the two forms of {@link Target}. Queries, and what attention gives, are
 * packed: `[N, T, heads * d]`.
 */

/** Query, key and value of the same tokens, each `[N, T, heads * d]`. */
export interface Projections {
  readonly query: Value;
  readonly keys: Value;
  readonly values: Value;
}

/** Self-attention of whole sequences; `bias` `[N, 1, 1 or T, T]` is added to the scores. */
export function attention(
  { fusesAttention }: Target,
  { query, keys, values }: Projections,
  heads: number,
  bias?: Value,
): Value {
  if (fusesAttention) {
    const [batch, length] = query.shape;
    const whole = bias === undefined ? null : expand(bias, [batch, 1, length, length]);
    return fusedAttention(query, { keys, values }, { heads, bias: whole });
  }
  const columns = transposed(splitHeads(keys, heads));
  return mergeHeads(attend(splitHeads(query, heads), columns, splitHeads(values, heads), bias));
}

/**
 * Self-attention of the tokens that follow `past`, keys and values `[N, heads, S, d]`. Gives `past`
 * with theirs behind it, too.
 *
 * @param mask `[T, past + T]`: hides from a token what comes after it
 */
export function causalAttention(
  { fusesAttention }: Target,
  { query, keys, values }: Projections,
  past: HeadMemory,
  heads: number,
  mask: Value,
): HeadMemory & { readonly context: Value } {
  if (fusesAttention) return fusedCausalAttention(query, { keys, values }, past, heads);
  const all = {
    keys: concat([past.keys, splitHeads(keys, heads)], 2),
    values: concat([past.values, splitHeads(values, heads)], 2),
  };
  const context = attend(splitHeads(query, heads), transposed(all.keys), all.values, mask);
  return { ...all, context: mergeHeads(context) };
}

/** What attention looks up again and again: keys as {@link memoryKeys} lays them, values `[N, heads, S, d]`. */
export interface Memory {
  readonly keys: Value;
  readonly values: Value;
}

/** Keys and values `[N, S, heads * d]` made ready for {@link memoryAttention}. */
export function memoryOf(
  { fusesAttention }: Target,
  { keys, values }: HeadMemory,
  heads: number,
): Memory {
  const rows = splitHeads(keys, heads);
  return { keys: fusesAttention ? rows : transposed(rows), values: splitHeads(values, heads) };
}

/** The last two axes of a memory's keys: as attention needs them, so that no step has to turn them. */
export function memoryKeys({ fusesAttention }: Target, tokens: Dim, width: Dim): [Dim, Dim] {
  return fusesAttention ? [tokens, width] : [width, tokens];
}

/** Attention to a memory. */
export function memoryAttention(
  { fusesAttention }: Target,
  query: Value,
  memory: Memory,
  heads: number,
): Value {
  if (fusesAttention) return fusedAttention(query, memory, { heads });
  return mergeHeads(attend(splitHeads(query, heads), memory.keys, memory.values));
}

/**
 * Scaled dot-product attention: `query [N, heads, T, d]`, `key [N, heads, d, S]`, `value
 * [N, heads, S, d]`, and what is added to the scores before softmax.
 */
function attend(query: Value, key: Value, value: Value, bias?: Value): Value {
  const scores = matMul(scale(query, knownSize(query, -1) ** -0.5), key);
  return matMul(softmax(bias === undefined ? scores : add(scores, bias), -1), value);
}

/** `[N, T, heads * d] -> [N, heads, T, d]` */
function splitHeads(x: Value, heads: number): Value {
  const [batch, length] = x.shape;
  return transpose(reshape(x, [batch, length, heads, knownSize(x, -1) / heads]), [0, 2, 1, 3]);
}

/** `[N, heads, T, d] -> [N, T, heads * d]` */
function mergeHeads(x: Value): Value {
  const [batch, , length] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, knownSize(x, 1) * knownSize(x, 3)]);
}

/** The last two axes change places. */
function transposed(x: Value): Value {
  return transpose(x, [0, 1, 3, 2]);
}
