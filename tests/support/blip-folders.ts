import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  languageHead,
  matchingHeads,
  smallBlip,
  smallVocabulary,
  textWeights,
  visionWeights,
  type BlipSizes,
} from './blip-weights.ts';
import { safetensorsFile, type TestDtype, type TestTensor } from './safetensors-file.ts';
import { TestView, torchFile, type TestValue } from './torch-file.ts';

export type Weights = Record<string, TestTensor>;

/** Weights of a retrieval checkpoint, by the names of Hugging Face. */
export const matchingWeights: Weights = {
  ...visionWeights(smallBlip),
  ...matchingHeads(smallBlip),
  ...textWeights('text_encoder', smallBlip),
};

/** Weights of a captioning checkpoint. */
export const captioningWeights: Weights = {
  ...visionWeights(smallBlip),
  ...textWeights('text_decoder.bert', smallBlip),
  ...languageHead(smallBlip),
};

/** The same weights but for some. */
export function without(weights: Weights, ...names: string[]): Weights {
  return Object.fromEntries(Object.entries(weights).filter(([name]) => !names.includes(name)));
}

/** A `config.json` of transformers for these sizes. */
export function blipConfig(architecture: string, { vision: v, text: t, projection }: BlipSizes) {
  return {
    model_type: 'blip',
    architectures: [architecture],
    image_text_hidden_size: projection,
    vision_config: {
      hidden_size: v.width,
      num_hidden_layers: v.layers,
      num_attention_heads: v.width / 64,
      intermediate_size: v.hidden,
      image_size: v.image,
      patch_size: v.patch,
      layer_norm_eps: 1e-6,
    },
    text_config: {
      vocab_size: t.words,
      hidden_size: t.width,
      num_hidden_layers: t.layers,
      num_attention_heads: t.width / 64,
      intermediate_size: t.hidden,
      max_position_embeddings: t.places,
    },
  };
}

export const matchingConfig = blipConfig('BlipForImageTextRetrieval', smallBlip);
export const captioningConfig = blipConfig('BlipForConditionalGeneration', smallBlip);

/** An empty folder for a checkpoint. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'medley-blip-'));
}

/** Writes a folder in the layout of Hugging Face; returns its path. */
export function writeHuggingFace(
  config: object,
  weights: Weights,
  dtypeOf?: (name: string) => TestDtype,
  folder = emptyFolder(),
): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'vocab.txt'), smallVocabulary);
  writeFileSync(join(folder, 'model.safetensors'), safetensorsFile(weights, dtypeOf));
  return folder;
}

/** The original names of the image encoder's tensors, by those of Hugging Face. */
const originalNames: readonly (readonly [string, string])[] = [
  ['vision_model.embeddings.class_embedding', 'visual_encoder.cls_token'],
  ['vision_model.embeddings.position_embedding', 'visual_encoder.pos_embed'],
  ['vision_model.embeddings.patch_embedding.', 'visual_encoder.patch_embed.proj.'],
  ['vision_model.post_layernorm.', 'visual_encoder.norm.'],
  ['vision_model.encoder.layers.', 'visual_encoder.blocks.'],
  ['.layer_norm', '.norm'],
  ['.self_attn.projection.', '.attn.proj.'],
  ['.self_attn.', '.attn.'],
];

export function originalName(name: string): string {
  if (!name.startsWith('vision_model.')) return name;
  return originalNames.reduce((text, [theirs, original]) => text.replace(theirs, original), name);
}

/**
 * Writes an original file beside a vocabulary: these weights, and what training leaves there, of
 * types and values that no model could be made of.
 */
export function writeOriginal(
  weights: Weights,
  folder = emptyFolder(),
  name = 'model.pth',
): string {
  const tensors = Object.entries(weights).map(([key, { shape, values }]) => {
    return [originalName(key), new TestView({ dtype: 'F32', values }, shape)] as const;
  });
  const left = new TestView({ dtype: 'F32', values: [NaN] }, [1]);
  const training = ['image_queue', 'ptr_queue', 'temp', 'visual_encoder_m.norm.bias'];
  const file = new Map<string, TestValue>([
    [
      'model',
      new Map<string, TestValue>([...tensors, ...training.map((key) => [key, left] as const)]),
    ],
    ['optimizer', new Map([['state', new Map([[0, left]])]])],
    ['config', new Map([['vit', 'base']])],
    ['epoch', 5],
  ]);
  writeFileSync(join(folder, name), torchFile(file));
  writeFileSync(join(folder, 'vocab.txt'), smallVocabulary);
  return folder;
}
