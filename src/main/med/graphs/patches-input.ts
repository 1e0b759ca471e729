import type { Value } from '#main/onnx/graph.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import type { GraphSource } from './graph-source.ts';

/** The input `patches` `[photos, tokens, width]` in the type of the graph: what the image encoder makes of photos. */
export function patchesInput({ graph, dtype }: Parameters, { config }: GraphSource): Value {
  return graph.input('patches', dtype, ['photos', 'tokens', config.vision_config.hidden_size]);
}
