import type { MedConfig } from './config.ts';

/** The three uses of the text transformer (BLIP, section 3.1). */
export type TextMode = 'text-encoder' | 'itm-encoder' | 'decoder';

/** Where the text transformer's parameters of one mode are called what. */
export interface TextNames {
  readonly embeddings: string;
  selfAttention(layer: number): string;
  /** Cross-attention and feed-forward, which all modes of a checkpoint share. */
  layer(layer: number): string;
}

/**
 * Tensor names of the text transformer in one mode. What modes share is kept under the encoder's
 * name; a decoder with a self-attention of its own keeps it under `text_decoder.bert`.
 */
export function textNames(share: MedConfig['share'], mode: TextMode): TextNames {
  const own = share === 'all-but-self-attention' && mode === 'decoder';
  const layer = (index: number) => `text_encoder.encoder.layer.${index}`;
  return {
    embeddings: 'text_encoder.embeddings',
    layer,
    selfAttention: (index) =>
      `${own ? `text_decoder.bert.encoder.layer.${index}` : layer(index)}.attention`,
  };
}
