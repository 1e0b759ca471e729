import type { Parameters } from '#main/med/checkpoint/parameters.ts';
import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { lastImageBlocks } from '#main/med/graphs/image-encoder.ts';
import { patchesInput } from '#main/med/graphs/patches-input.ts';
import type { Value } from '#main/onnx/graph.ts';
import { pick } from '#main/onnx/operators/layout.ts';

/**
 * Patch features of photos `[photos, tokens, width]`: the input `patches`, brought through the image
 * encoder's last blocks where these are trained. What is kept of a photo is what comes before them.
 *
 * @param imageBlocks how many blocks are trained
 */
export function patchFeatures(p: Parameters, source: GraphSource, imageBlocks: number): Value {
  const given = patchesInput(p, source);
  if (imageBlocks === 0) return given;
  return lastImageBlocks(p, source.config.vision_config, given, imageBlocks);
}

/**
 * The first token of each photo's features, f32 `[rows, width]`: the input `image` itself where the image
 * encoder is frozen; else made of `image` `[rows, tokens, width]`, all that is kept of each photo.
 */
export function firstTokens(p: Parameters, source: GraphSource, imageBlocks: number): Value {
  const { vision_config: config } = source.config;
  if (imageBlocks === 0) return p.graph.input('image', 'f32', ['rows', config.hidden_size]);
  const given = p.graph.input('image', 'f32', ['rows', 'tokens', config.hidden_size]);
  return pick(lastImageBlocks(p, config, given, imageBlocks), 0, 1);
}
