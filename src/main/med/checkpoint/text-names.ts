import type { MedConfig } from './config.ts';

/** The three uses of the text transformer (BLIP, section 3.1). */
export type TextMode = 'text-encoder' | 'itm-encoder' | 'decoder';

/** Where the text transformer's parameters of one mode are called what. */
export interface TextNames {
  readonly embeddings: string;
  selfAttention(layer: number): string;
  /** Cross-attention and feed-forward. */
  layer(layer: number): string;
}

const encoder = 'text_encoder';
const decoder = 'text_decoder.bert';

/**
 * Tensor names of the text transformer in one mode. What modes share is kept under the encoder's
 * name; what a decoder has for itself is kept under `text_decoder.bert`.
 */
export function textNames(share: MedConfig['share'], mode: TextMode): TextNames {
  const isDecoder = mode === 'decoder';
  const common = isDecoder && share === 'none' ? decoder : encoder;
  const attention = isDecoder && share !== 'all' ? decoder : encoder;
  return {
    embeddings: `${common}.embeddings`,
    layer: (index) => `${common}.encoder.layer.${index}`,
    selfAttention: (index) => `${attention}.encoder.layer.${index}.attention`,
  };
}
