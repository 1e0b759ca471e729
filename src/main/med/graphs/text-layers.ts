import type { Value } from '#main/onnx/graph.ts';
import { add, gelu } from '#main/onnx/operators/elementwise.ts';
import { gather, reshape, transpose } from '#main/onnx/operators/layout.ts';
import type { TextConfig } from '../config.ts';
import type { Parameters } from '../parameters.ts';
import type { TextNames } from '../text-names.ts';
import {
  attend,
  knownSize,
  linear,
  mergeHeads,
  norm,
  splitHeads,
  transposeKeys,
} from './layers.ts';

/** Keys `[N, heads, d, S]` and values `[N, heads, S, d]` of one attention layer. */
export interface KeysAndValues {
  readonly keys: Value;
  readonly values: Value;
}

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

/** Keys and values of `context [N, S, width]` for the attention called `name`. */
export function keysAndValues(
  p: Parameters,
  name: string,
  config: TextConfig,
  context: Value,
): KeysAndValues {
  const project = (part: string) =>
    splitHeads(
      linear(p, `${name}.self.${part}`, context, config.hidden_size),
      config.num_attention_heads,
    );
  return { keys: transposeKeys(project('key')), values: project('value') };
}

/** Self-attention with its output projection, residual and post-LN: `[rows, length, hidden]`. */
export function selfAttention(
  p: Parameters,
  name: string,
  config: TextConfig,
  x: Value,
  memory: KeysAndValues,
  bias: Value,
): Value {
  const query = linear(p, `${name}.self.query`, x, config.hidden_size);
  const heads = splitHeads(query, config.num_attention_heads);
  return attentionOutput(
    p,
    name,
    config,
    x,
    mergeHeads(attend(heads, memory.keys, memory.values, bias)),
  );
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
  image: KeysAndValues,
): Value {
  const { hidden_size: width, num_attention_heads: heads } = config;
  const query = linear(p, `${name}.self.query`, x, width);
  const [photos] = image.keys.shape;
  const folded = reshape(query, [photos, 'queries', heads, width / heads]);
  const context = attend(transpose(folded, [0, 2, 1, 3]), image.keys, image.values);
  const unfolded = reshape(transpose(context, [0, 2, 1, 3]), x.shape);
  return attentionOutput(p, name, config, x, unfolded);
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
