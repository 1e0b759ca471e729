import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';

const size = z.int().positive();

/** Attention takes memory with the fourth power of a photo's side: at this one it is GBs. */
export const MAX_IMAGE_SIZE = 1024;

/** What is taken off red, green and blue between 0 and 1, and what they are then divided by. */
export const PixelMean = rgb(z.number().min(-1000).max(1000));
export const PixelDeviation = rgb(z.number().min(0.001, 'must be 0.001 at least').max(1000));

function rgb(channel: z.ZodNumber) {
  return z.tuple([channel, channel, channel]);
}

/** What both image encoders have in common: the transformer over tokens, and the input's scaling. */
const transformer = {
  image_size: size.max(MAX_IMAGE_SIZE, `must be ${MAX_IMAGE_SIZE} pixels at most`),
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  intermediate_size: size,
  layer_norm_eps: z.number().positive(),
  image_mean: PixelMean,
  image_std: PixelDeviation,
};

const VisionConfig = z.discriminatedUnion('stem', [
  z.object({
    stem: z.literal('mobilenet_v2'),
    /** Blocks (1 to 17, 18 for the last convolution) whose maps become tokens, in network order. */
    stem_taps: z.array(z.int().min(1).max(18)).min(1),
    ...transformer,
  }),
  z.object({
    stem: z.literal('efficientnet_lite2'),
    /** Blocks (1 to 21, 22 for the last convolution) whose maps become tokens, in network order. */
    stem_taps: z.array(z.int().min(1).max(22)).min(1),
    ...transformer,
  }),
  z.object({ stem: z.literal('patch'), patch_size: size, ...transformer }),
]);

const TextConfig = z.object({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  intermediate_size: size,
  layer_norm_eps: z.number().positive(),
  max_position_embeddings: size,
});

const GenerationConfig = z.object({
  prompt: z.string(),
  num_beams: size,
  /** Lengths in tokens, the first token [DEC] and the prompt included. */
  min_length: z.int().min(0),
  max_length: z.int().min(2),
  repetition_penalty: z.number().positive(),
});

const RankingConfig = z.object({
  /** What the ITC cosine weighs beside the match logit when results are put in order. */
  cosine_weight: z.number().min(0),
});

/** `config.json` of a checkpoint folder, in the names of the Hugging Face layout of BLIP. */
export const MedConfig = z
  .object({
    name: z.string().min(1),
    /** Which parameters encoder and decoder have in common (BLIP, section 3.2 and table 3). */
    share: z.enum(['all', 'all-but-self-attention', 'none']),
    projection_size: size,
    vision_config: VisionConfig,
    text_config: TextConfig,
    generation: GenerationConfig,
    ranking: RankingConfig.optional(),
  })
  .refine(({ vision_config: v }) => v.hidden_size % v.num_attention_heads === 0, {
    path: ['vision_config', 'num_attention_heads'],
    message: 'does not divide hidden_size',
  })
  .refine(({ text_config: t }) => t.hidden_size % t.num_attention_heads === 0, {
    path: ['text_config', 'num_attention_heads'],
    message: 'does not divide hidden_size',
  });
export type MedConfig = z.infer<typeof MedConfig>;
export type VisionConfig = MedConfig['vision_config'];
export type TextConfig = MedConfig['text_config'];

/**
 * Checks what a `config.json` of our own layout holds.
 *
 * @throws MedleyError `checkpoint-invalid`, naming the file and the settings at fault
 */
export function parseConfig(json: unknown, file: string): MedConfig {
  return parseSettings(MedConfig, json, file);
}

/**
 * Checks settings read from a file against a schema.
 *
 * @throws MedleyError `checkpoint-invalid`, naming the file and the settings at fault
 */
export function parseSettings<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw invalid(file, `${issues.join('; ')}.`);
}

/** @throws MedleyError `checkpoint-invalid`, naming the file */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(file, 'this is not JSON. Download the model again.');
  }
}

function invalid(file: string, reason: string): MedleyError {
  return new MedleyError('checkpoint-invalid', `${file}: ${reason}`, { subject: file });
}
