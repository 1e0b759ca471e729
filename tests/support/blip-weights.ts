import type { TestTensor } from './safetensors-file.ts';

/** The sizes of a BLIP model. */
export interface BlipSizes {
  readonly vision: { width: number; layers: number; hidden: number; patch: number; image: number };
  readonly text: { width: number; layers: number; hidden: number; words: number; places: number };
  readonly projection: number;
}

/** Attention heads are 64 wide, as in every published model; text is narrower than vision. */
export const smallBlip: BlipSizes = {
  vision: { width: 128, layers: 2, hidden: 96, patch: 8, image: 32 },
  text: { width: 64, layers: 2, hidden: 80, words: 24, places: 16 },
  projection: 12,
};

const words = 'a b c d e f g h photo of picture dog cat man tree'.split(' ');
/** Plain BERT's, as it lies beside official files: [DEC] and [ENC] come after it. */
export const smallVocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words, '##s', '.']
  .map((piece) => `${piece}\n`)
  .join('');

type Weights = Record<string, TestTensor>;

/** Image encoder, by the names of Hugging Face. */
export function visionWeights({ vision: v }: BlipSizes): Weights {
  const places = (v.image / v.patch) ** 2 + 1;
  const layer = (n: number): Weights => {
    const name = `vision_model.encoder.layers.${n}`;
    return {
      ...norm(`${name}.layer_norm1`, v.width),
      ...linear(`${name}.self_attn.qkv`, v.width, 3 * v.width),
      ...linear(`${name}.self_attn.projection`, v.width, v.width),
      ...norm(`${name}.layer_norm2`, v.width),
      ...linear(`${name}.mlp.fc1`, v.width, v.hidden),
      ...linear(`${name}.mlp.fc2`, v.hidden, v.width),
    };
  };
  return {
    'vision_model.embeddings.class_embedding': numbers('cls', [1, 1, v.width]),
    'vision_model.embeddings.position_embedding': numbers('places', [1, places, v.width]),
    'vision_model.embeddings.patch_embedding.weight': numbers('patch', [
      v.width,
      3,
      v.patch,
      v.patch,
    ]),
    'vision_model.embeddings.patch_embedding.bias': numbers('patch bias', [v.width]),
    ...Object.assign({}, ...range(v.layers).map(layer)),
    ...norm('vision_model.post_layernorm', v.width),
  };
}

/** ITC projections and the ITM head. */
export function matchingHeads({ vision, text, projection }: BlipSizes): Weights {
  return {
    ...linear('vision_proj', vision.width, projection),
    ...linear('text_proj', text.width, projection),
    ...linear('itm_head', text.width, 2),
  };
}

/** The text transformer under `prefix`, with cross-attention. */
export function textWeights(prefix: string, { vision, text: t }: BlipSizes): Weights {
  const attention = (name: string, inputs: number): Weights => ({
    ...linear(`${name}.self.query`, t.width, t.width),
    ...linear(`${name}.self.key`, inputs, t.width),
    ...linear(`${name}.self.value`, inputs, t.width),
    ...linear(`${name}.output.dense`, t.width, t.width),
    ...norm(`${name}.output.LayerNorm`, t.width),
  });
  const layer = (n: number): Weights => {
    const name = `${prefix}.encoder.layer.${n}`;
    return {
      ...attention(`${name}.attention`, t.width),
      ...attention(`${name}.crossattention`, vision.width),
      ...linear(`${name}.intermediate.dense`, t.width, t.hidden),
      ...linear(`${name}.output.dense`, t.hidden, t.width),
      ...norm(`${name}.output.LayerNorm`, t.width),
    };
  };
  const embeddings = `${prefix}.embeddings`;
  return {
    [`${embeddings}.word_embeddings.weight`]: numbers(`${prefix} words`, [t.words, t.width]),
    [`${embeddings}.position_embeddings.weight`]: numbers(`${prefix} places`, [t.places, t.width]),
    ...norm(`${embeddings}.LayerNorm`, t.width),
    ...Object.assign({}, ...range(t.layers).map(layer)),
  };
}

/** The language head; its output matrix is the word embeddings. */
export function languageHead({ text }: BlipSizes): Weights {
  const name = 'text_decoder.cls.predictions';
  return {
    [`${name}.bias`]: numbers(`${name}.bias`, [text.words]),
    ...linear(`${name}.transform.dense`, text.width, text.width),
    ...norm(`${name}.transform.LayerNorm`, text.width),
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function linear(name: string, inputs: number, outputs: number): Weights {
  return {
    [`${name}.weight`]: numbers(name, [outputs, inputs]),
    [`${name}.bias`]: numbers(`${name} bias`, [outputs]),
  };
}

function norm(name: string, width: number): Weights {
  const { shape, values } = numbers(name, [width]);
  return {
    [`${name}.weight`]: { shape, values: values.map((value) => 1 + value) },
    [`${name}.bias`]: numbers(`${name} bias`, [width]),
  };
}

/** Numbers in [-0.3, 0.3), the same for the same key in every run. */
function numbers(key: string, shape: readonly number[]): TestTensor {
  let state = Array.from(key).reduce((hash, c) => (hash * 31 + c.charCodeAt(0)) >>> 0, 7);
  const count = shape.reduce((product, dim) => product * dim, 1);
  const values = Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround((state / 2 ** 32 - 0.5) * 0.6);
  });
  return { shape, values };
}
