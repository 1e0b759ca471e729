import type { Value } from '#main/onnx/graph.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { gather, pick } from '#main/onnx/operators/layout.ts';
import type { GraphSource } from './graph-source.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { textNames, type TextMode } from '../checkpoint/text-names.ts';
import type { Memory } from './attention.ts';
import { head } from './layers.ts';
import { patchesInput } from './patches-input.ts';
import {
  crossAttention,
  crossMemoryOf,
  feedForward,
  selfAttention,
  textEmbeddings,
} from './text-layers.ts';
import { unitVectors } from './unit-vectors.ts';

/**
 * Text encoder without cross-attention, with the ITC projection.
 * Inputs `ids` i32 `[rows, length]`, `positions` i32 `[length]`, `mask` f32 `[rows, 1, 1, length]`
 * (added to the attention scores). Output `embedding` f32 `[rows, projection]`, unit rows.
 */
export function textEncoderGraph(p: Parameters, checkpoint: GraphSource): void {
  p.graph.output('embedding', textEmbedding(p, checkpoint));
}

/** Inputs and result of {@link textEncoderGraph}. */
export function textEmbedding(p: Parameters, checkpoint: GraphSource): Value {
  const first = pick(textStack(p, checkpoint, 'text-encoder', null), 0, 1);
  return unitVectors(head(p, 'text_proj', first, checkpoint.config.projection_size));
}

/**
 * Image-grounded text encoder with the ITM head. Inputs as {@link textEncoderGraph}, and `patches`
 * `[photos, tokens, width]` in the type of the graph, where `rows` is a multiple of `photos` and a photo's rows follow
 * each other. Output `logits` f32 `[rows, 2]`, index 1 for a match.
 */
export function itmEncoderGraph(p: Parameters, checkpoint: GraphSource): void {
  p.graph.output('logits', matchLogits(p, checkpoint));
}

/**
 * Inputs and result of {@link itmEncoderGraph}.
 *
 * @param photoOf i32 `[rows]`: the photo of each row, where they do not follow each other
 * @param patches in place of the input
 */
export function matchLogits(
  p: Parameters,
  checkpoint: GraphSource,
  photoOf: Value | null = null,
  patches = patchesInput(p, checkpoint),
): Value {
  const first = pick(textStack(p, checkpoint, 'itm-encoder', { patches, photoOf }), 0, 1);
  return cast(head(p, 'itm_head', first, 2), 'f32');
}

function textStack(
  p: Parameters,
  { config: { share, text_config: config } }: GraphSource,
  mode: TextMode,
  image: { readonly patches: Value; readonly photoOf: Value | null } | null,
): Value {
  const names = textNames(share, mode);
  const ids = p.graph.input('ids', 'i32', ['rows', 'length']);
  const positions = p.graph.input('positions', 'i32', ['length']);
  const mask = cast(p.graph.input('mask', 'f32', ['rows', 1, 1, 'length']), p.dtype);
  let x = textEmbeddings(p, names, config, ids, positions);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const own = names.selfAttention(layer);
    x = selfAttention(p, own, config, x, mask);
    if (image !== null) {
      const cross = `${names.layer(layer)}.crossattention`;
      const memory = crossMemoryOf(p, cross, config, image.patches);
      x = crossAttention(p, cross, config, x, memoryOfRows(memory, image.photoOf));
    }
    x = feedForward(p, names.layer(layer), config, x);
  }
  return x;
}

/** The memory that each row looks at, where rows are given their photos. */
function memoryOfRows({ keys, values }: Memory, photoOf: Value | null): Memory {
  if (photoOf === null) return { keys, values };
  return { keys: gather(keys, photoOf, 0), values: gather(values, photoOf, 0) };
}
