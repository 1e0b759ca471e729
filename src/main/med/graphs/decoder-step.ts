import type { Value } from '#main/onnx/graph.ts';
import { add, cast, gelu } from '#main/onnx/operators/elementwise.ts';
import { gather, pick } from '#main/onnx/operators/layout.ts';
import type { HeadMemory } from '#main/onnx/operators/fused-attention.ts';
import type { TextConfig } from '../checkpoint/config.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import type { TextNames } from '../checkpoint/text-names.ts';
import type { Memory } from './attention.ts';
import { linear, norm } from './layers.ts';
import {
  cachedSelfAttention,
  crossAttention,
  crossMemoryOf,
  feedForward,
  textEmbeddings,
} from './text-layers.ts';

/** What a step of the image-grounded decoder takes. */
export interface DecoderStepInputs {
  /** i32 `[rows, length]` */
  readonly ids: Value;
  /** i32 `[length]` */
  readonly positions: Value;
  /** `[length, past + length]`, added to the attention scores. */
  readonly mask: Value;
  /** i32 `[rows]`: which row of the step before each row continues. */
  readonly parents: Value;
  /** By layer, of the step before: keys and values `[pastRows, heads, past, d]`. */
  readonly past: readonly HeadMemory[];
  /** By layer, from {@link crossMemory}; a photo's rows follow each other. */
  readonly cross: readonly Memory[];
}

export interface DecoderStepOutputs {
  /** f32 `[rows, vocabulary]` of the last position. */
  readonly logits: Value;
  /** {@link DecoderStepInputs.past} of the next step. */
  readonly next: readonly HeadMemory[];
}

/** The cross-attention keys and values of `image` `[photos, tokens, width]`, by layer. */
export function crossMemory(
  p: Parameters,
  names: TextNames,
  config: TextConfig,
  image: Value,
): Memory[] {
  return Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    crossMemoryOf(p, `${names.layer(layer)}.crossattention`, config, image),
  );
}

/** Reads a prompt, or one more token a row, and scores what may follow. */
export function decoderStep(
  p: Parameters,
  names: TextNames,
  config: TextConfig,
  { ids, positions, mask, parents, past, cross }: DecoderStepInputs,
): DecoderStepOutputs {
  let x = textEmbeddings(p, names, config, ids, positions);
  const next: HeadMemory[] = [];
  for (const [layer, memory] of past.entries()) {
    const continued = {
      keys: gather(memory.keys, parents, 0),
      values: gather(memory.values, parents, 0),
    };
    const own = cachedSelfAttention(p, names.selfAttention(layer), config, x, continued, mask);
    next.push(own.next);
    x = own.x;
    x = crossAttention(p, `${names.layer(layer)}.crossattention`, config, x, cross[layer]);
    x = feedForward(p, names.layer(layer), config, x);
  }
  return { logits: languageHead(p, names, config, pick(x, -1, 1)), next };
}

/**
 * Next-token logits f32 `[..., vocabulary]` of hidden states `[..., width]`; the output matrix is the
 * word embeddings.
 */
export function languageHead(p: Parameters, names: TextNames, config: TextConfig, x: Value): Value {
  const name = 'text_decoder.cls.predictions';
  const { hidden_size: width, vocab_size: words } = config;
  const hidden = gelu(linear(p, `${name}.transform.dense`, x, width));
  const normed = norm(p, `${name}.transform.LayerNorm`, hidden, config.layer_norm_eps);
  const matrix = `${names.embeddings}.word_embeddings.weight`;
  const scores = p.product(normed, [matrix], width, words);
  return cast(add(scores, p.get(`${name}.bias`, [words])), 'f32');
}
