import type { Value } from '#main/onnx/graph.ts';
import { add, gelu } from '#main/onnx/operators/elementwise.ts';
import type { HeadMemory } from '#main/onnx/operators/fused-attention.ts';
import { gather, reshape, split } from '#main/onnx/operators/layout.ts';
import type { TextConfig } from '../checkpoint/config.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import type { TextNames } from '../checkpoint/text-names.ts';
import {
  attention,
  causalAttention,
  memoryAttention,
  memoryOf,
  type Memory,
  type Projections,
} from './attention.ts';
import { knownSize, linear, linears, norm } from './layers.ts';

/** `ids` i32 `[rows, length]` and `positions` i32 `[length]` -> `[rows, length, hidden]` */
export function textEmbeddings(
  p: Parameters,
  names: TextNames,
  config: TextConfig,
  ids: Value,
  positions: Value,
): Value {
  const { vocab_size: words, max_position_embeddings: places, hidden_size: width } = config;
  const word = p.get(`${names.embeddings}.word_embeddings.weight`, [words, width]);
  const place = p.get(`${names.embeddings}.position_embeddings.weight`, [places, width]);
  const x = add(gather(word, ids, 0), gather(place, positions, 0));
  return norm(p, `${names.embeddings}.LayerNorm`, x, config.layer_norm_eps);
}

/** The attention called `name` among the tokens of `x`; `bias` is added to the scores. */
export function selfAttention(
  p: Parameters,
  name: string,
  config: TextConfig,
  x: Value,
  bias: Value,
): Value {
  const context = attention(p, projections(p, name, config, x), config.num_attention_heads, bias);
  return attentionOutput(p, name, config, x, context);
}

/** {@link selfAttention} of tokens that follow others, and the keys and values of both. */
export function cachedSelfAttention(
  p: Parameters,
  name: string,
  config: TextConfig,
  x: Value,
  past: HeadMemory,
  mask: Value,
): { readonly x: Value; readonly next: HeadMemory } {
  const fresh = projections(p, name, config, x);
  const { context, ...next } = causalAttention(p, fresh, past, config.num_attention_heads, mask);
  return { x: attentionOutput(p, name, config, x, context), next };
}

function projections(p: Parameters, name: string, config: TextConfig, x: Value): Projections {
  const names = ['query', 'key', 'value'].map((part) => `${name}.self.${part}`);
  const [query, keys, values] = split(linears(p, names, x, config.hidden_size), 3, -1);
  return { query, keys, values };
}

/** What the cross-attention called `name` looks up of `image` `[photos, S, width]`. */
export function crossMemoryOf(
  p: Parameters,
  name: string,
  config: TextConfig,
  image: Value,
): Memory {
  const names = ['key', 'value'].map((part) => `${name}.self.${part}`);
  const [keys, values] = split(linears(p, names, image, config.hidden_size), 2, -1);
  return memoryOf(p, { keys, values }, config.num_attention_heads);
}

/**
 * Cross-attention of text rows to their photos. Several consecutive rows may belong to one photo;
 * their queries are laid end to end, so that a photo's keys and values are held once.
 */
export function crossAttention(
  p: Parameters,
  name: string,
  config: TextConfig,
  x: Value,
  image: Memory,
): Value {
  const { hidden_size: width, num_attention_heads: heads } = config;
  const query = linear(p, `${name}.self.query`, x, width);
  const [photos] = image.keys.shape;
  const folded = reshape(query, [photos, 'queries', width]);
  const context = reshape(memoryAttention(p, folded, image, heads), x.shape);
  return attentionOutput(p, name, config, x, context);
}

function attentionOutput(
  p: Parameters,
  name: string,
  config: TextConfig,
  x: Value,
  context: Value,
): Value {
  const y = linear(p, `${name}.output.dense`, context, config.hidden_size);
  return norm(p, `${name}.output.LayerNorm`, add(x, y), config.layer_norm_eps);
}

/** Feed-forward with residual and post-LN. */
export function feedForward(p: Parameters, name: string, config: TextConfig, x: Value): Value {
  const hidden = gelu(linear(p, `${name}.intermediate.dense`, x, config.intermediate_size));
  const y = linear(p, `${name}.output.dense`, hidden, knownSize(x, -1));
  return norm(p, `${name}.output.LayerNorm`, add(x, y), config.layer_norm_eps);
}
