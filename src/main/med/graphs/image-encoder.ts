import type { Value } from '#main/onnx/graph.ts';
import { add, cast, gelu } from '#main/onnx/operators/elementwise.ts';
import { pad, pick, split } from '#main/onnx/operators/layout.ts';
import { conv } from '#main/onnx/operators/linear.ts';
import type { VisionConfig } from '../checkpoint/config.ts';
import type { GraphSource } from './graph-source.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { attention } from './attention.ts';
import { head, knownSize, linear, norm } from './layers.ts';
import { normalisedPixels } from './pixels.ts';
import { convolutionalStem, tokensOf, type Block } from './convolutional-stem.ts';
import { efficientnetLite2Blocks } from './efficientnet-lite-blocks.ts';
import { mobilenetBlocks } from './mobilenet-blocks.ts';
import { positionEmbedding } from './position-embedding.ts';
import { unitVectors } from './unit-vectors.ts';

/** The blocks of each convolutional stem. */
const stemBlocks = {
  mobilenet_v2: mobilenetBlocks,
  efficientnet_lite2: efficientnetLite2Blocks,
} satisfies Record<string, readonly Block[]>;

/**
 * Image encoder with the ITC projection (BLIP, section 3.1; pre-LN ViT).
 * Input `pixels` u8 `[photos, S, S, 3]`. Outputs `patches` `[photos, tokens, hidden]` with
 * [CLS] first, and, for matching, `embedding` f32 `[photos, projection]`, unit rows. Where the last
 * blocks are left out, `patches` are what {@link lastImageBlocks} takes.
 */
export function imageEncoderGraph(p: Parameters, checkpoint: GraphSource): void {
  const { vision_config: config, projection_size: width } = checkpoint.config;
  const { imageBlocksLeftOut: leftOut = 0 } = checkpoint;
  const { graph } = p;
  const pixels = cast(normalisedPixels(graph, config), p.dtype);
  const blocks = config.num_hidden_layers - leftOut;
  const trunk = encoderLayers(p, config, embeddings(p, pixels, config), 0, blocks);
  const x = leftOut > 0 ? trunk : lastImageBlocks(p, config, trunk, 0);
  graph.output('patches', x);
  if (checkpoint.roles.matching) {
    graph.output('embedding', unitVectors(head(p, 'vision_proj', pick(x, 0, 1), width)));
  }
}

/** The last blocks of the image encoder and the normalisation behind them, over `x [photos, tokens, hidden]`. */
export function lastImageBlocks(
  p: Parameters,
  config: VisionConfig,
  x: Value,
  blocks: number,
): Value {
  const first = config.num_hidden_layers - blocks;
  const last = encoderLayers(p, config, x, first, config.num_hidden_layers);
  return norm(p, 'vision_model.post_layernorm', last, config.layer_norm_eps);
}

function encoderLayers(
  p: Parameters,
  config: VisionConfig,
  input: Value,
  from: number,
  to: number,
): Value {
  let x = input;
  for (let layer = from; layer < to; layer++) {
    x = encoderLayer(p, `vision_model.encoder.layers.${layer}`, x, config);
  }
  return x;
}

function embeddings(p: Parameters, pixels: Value, config: VisionConfig): Value {
  const prefix = 'vision_model.embeddings';
  const tokens = patchTokens(p, prefix, pixels, config);
  const count = knownSize(tokens, 1);
  const positions = positionEmbedding(p, `${prefix}.position_embedding`, count, config.hidden_size);
  const token = p.get(`${prefix}.class_embedding`, [1, 1, config.hidden_size]);
  // [CLS] is added with the positions, over an empty first row: no run-time batch size is needed.
  return add(pad(tokens, 1, 1, 0), add(positions, pad(token, 1, 0, count)));
}

function patchTokens(p: Parameters, prefix: string, pixels: Value, config: VisionConfig): Value {
  if (config.stem !== 'patch') {
    const blocks = stemBlocks[config.stem];
    const features = convolutionalStem(p, `${prefix}.stem`, pixels, blocks, config.stem_taps);
    return linear(p, `${prefix}.projection`, features, config.hidden_size);
  }
  const { patch_size: side, hidden_size: outputs } = config;
  const name = `${prefix}.patch_embedding`;
  const weight = p.get(`${name}.weight`, [outputs, 3, side, side]);
  const bias = p.get(`${name}.bias`, [outputs]);
  return tokensOf(conv(pixels, weight, bias, { stride: side, groups: 1, pads: [0, 0, 0, 0] }));
}

function encoderLayer(p: Parameters, name: string, input: Value, config: VisionConfig): Value {
  const { hidden_size: width, num_attention_heads: heads, layer_norm_eps: epsilon } = config;
  const normed = norm(p, `${name}.layer_norm1`, input, epsilon);
  const projected = linear(p, `${name}.self_attn.qkv`, normed, 3 * width);
  const [query, keys, values] = split(projected, 3, -1);
  const context = attention(p, { query, keys, values }, heads);
  const x = add(input, linear(p, `${name}.self_attn.projection`, context, width));
  const hidden = linear(
    p,
    `${name}.mlp.fc1`,
    norm(p, `${name}.layer_norm2`, x, epsilon),
    config.intermediate_size,
  );
  return add(x, linear(p, `${name}.mlp.fc2`, gelu(hidden), width));
}
