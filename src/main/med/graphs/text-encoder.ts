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

/** Texts as the text encoders take them. */
export interface TextInputs {
  /** i32 `[rows, length]` */
  readonly ids: Value;
  /** i32 `[length]` */
  readonly positions: Value;
  /** f32 `[rows, 1, 1, length]`, added to the attention scores. */
  readonly mask: Value;
}

/** What the image-grounded text encoder looks at. */
export interface ImageInputs {
  /** `[photos, tokens, width]` in the type of the graph. */
  readonly patches: Value;
  /**
   * i32 `[rows]`: the photo of each row. Null where `rows` is a multiple of `photos` and a photo's rows
   * follow each other.
   */
  readonly photoOf: Value | null;
}

/**
 * Text encoder without cross-attention, with the ITC projection.
 * Inputs: those of {@link TextInputs}. Output `embedding` f32 `[rows, projection]`, unit rows.
 */
export function textEncoderGraph(p: Parameters, checkpoint: GraphSource): void {
  p.graph.output('embedding', textEmbedding(p, checkpoint, textInputs(p)));
}

/** The result of {@link textEncoderGraph}. */
export function textEmbedding(p: Parameters, checkpoint: GraphSource, text: TextInputs): Value {
  const first = pick(textStack(p, checkpoint, 'text-encoder', text, null), 0, 1);
  return unitVectors(head(p, 'text_proj', first, checkpoint.config.projection_size));
}

/**
 * Image-grounded text encoder with the ITM head. Inputs: those of {@link TextInputs} and `patches`.
 * Output `logits` f32 `[rows, 2]`, index 1 for a match.
 */
export function itmEncoderGraph(p: Parameters, checkpoint: GraphSource): void {
  const text = textInputs(p);
  const patches = patchesInput(p, checkpoint);
  p.graph.output('logits', matchLogits(p, checkpoint, text, { patches, photoOf: null }));
}

/** The result of {@link itmEncoderGraph}. */
export function matchLogits(
  p: Parameters,
  checkpoint: GraphSource,
  text: TextInputs,
  image: ImageInputs,
): Value {
  const first = pick(textStack(p, checkpoint, 'itm-encoder', text, image), 0, 1);
  return cast(head(p, 'itm_head', first, 2), 'f32');
}

function textInputs({ graph }: Parameters): TextInputs {
  return {
    ids: graph.input('ids', 'i32', ['rows', 'length']),
    positions: graph.input('positions', 'i32', ['length']),
    mask: graph.input('mask', 'f32', ['rows', 1, 1, 'length']),
  };
}

function textStack(
  p: Parameters,
  { config: { share, text_config: config } }: GraphSource,
  mode: TextMode,
  { ids, positions, mask }: TextInputs,
  image: ImageInputs | null,
): Value {
  const names = textNames(share, mode);
  const bias = cast(mask, p.dtype);
  let x = textEmbeddings(p, names, config, ids, positions);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const own = names.selfAttention(layer);
    x = selfAttention(p, own, config, x, bias);
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
