import { z } from 'zod';
import type { ModelRoles } from '#shared/schemas/model.ts';
import { MedConfig, parseSettings } from '../checkpoint/config.ts';
import { blipGeneration, blipName } from './blip-settings.ts';
import type { ConfigFile } from './checkpoint-format.ts';
import { square, type PhotoSettings } from './hugging-face-photos.ts';

const size = z.int().positive();
/** What may be left out of a config.json has the default of transformers' class. */
const VisionConfig = z.object({
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  image_size: square.default(384),
  patch_size: square.default(16),
  hidden_act: z.literal('gelu').default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-5),
});

const TextConfig = z.object({
  vocab_size: size.default(30524),
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: size.default(12),
  // Not the 12 of BERT and of the published checkpoints.
  num_attention_heads: size.default(8),
  max_position_embeddings: size.default(512),
  hidden_act: z.literal('gelu').default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-12),
  tie_word_embeddings: z.literal(true).default(true),
});

const classes = ['BlipForImageTextRetrieval', 'BlipForConditionalGeneration'] as const;

const BlipConfig = z.object({
  architectures: z.array(z.enum(classes)).nullish(),
  image_text_hidden_size: size.default(256),
  tie_word_embeddings: z.literal(true).default(true),
  vision_config: VisionConfig.prefault({}),
  text_config: TextConfig.prefault({}),
});

/**
 * Our settings from a `config.json` of transformers' BLIP.
 *
 * @throws MedleyError `checkpoint-invalid`, naming the file and the settings at fault
 */
export function huggingFaceConfig(
  { json, file }: ConfigFile,
  roles: ModelRoles,
  photos: PhotoSettings,
): MedConfig {
  const blip = parseSettings(BlipConfig, json, file);
  const { vision_config: vision, text_config: text } = blip;
  const config = {
    name: blipName(roles, vision.hidden_size),
    share: 'none',
    projection_size: blip.image_text_hidden_size,
    vision_config: {
      stem: 'patch',
      patch_size: vision.patch_size,
      image_size: photos.size ?? vision.image_size,
      hidden_size: vision.hidden_size,
      num_hidden_layers: vision.num_hidden_layers,
      num_attention_heads: vision.num_attention_heads,
      intermediate_size: vision.intermediate_size,
      layer_norm_eps: vision.layer_norm_eps,
      image_mean: photos.mean,
      image_std: photos.std,
    },
    text_config: {
      vocab_size: text.vocab_size,
      hidden_size: text.hidden_size,
      num_hidden_layers: text.num_hidden_layers,
      num_attention_heads: text.num_attention_heads,
      intermediate_size: text.intermediate_size,
      layer_norm_eps: text.layer_norm_eps,
      max_position_embeddings: text.max_position_embeddings,
    },
    generation: blipGeneration(text.max_position_embeddings),
  };
  return parseSettings(MedConfig, config, file);
}
