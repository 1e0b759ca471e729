import { z } from 'zod';
import type { ModelRoles } from '#shared/schemas/model.ts';

/** What an adapter is for. Captioner and filter are tuned apart (BLIP, section 4 and table 4). */
export const AdapterRole = z.enum(['captioner', 'filter']);
export type AdapterRole = z.infer<typeof AdapterRole>;

/** The role of a model in which an adapter takes part. */
export const modelRoleOf: Readonly<Record<AdapterRole, keyof ModelRoles>> = {
  captioner: 'captioning',
  filter: 'matching',
};

/** A score of the base and of the adapted model on photos that neither was trained on. */
export const AdapterScore = z.object({
  measure: z.string(),
  before: z.number(),
  after: z.number(),
  /** Of `after - before`: where 95 % of what chance makes of the photos lies. */
  low: z.number(),
  high: z.number(),
});
export type AdapterScore = z.infer<typeof AdapterScore>;

/** What an adapter file says of itself. */
export const AdapterCard = z.object({
  format: z.literal('medley-adapter'),
  version: z.literal(1),
  /** Id of the checkpoint that it was trained on, and fits alone. */
  base: z.string(),
  roles: z.array(AdapterRole).min(1),
  trainable: z.string(),
  /** Of its low-rank factors; null where it has none. */
  lora: z.object({ rank: z.int().min(1), alpha: z.number().positive() }).nullable(),
  /** The settings of the training. */
  recipe: z.record(z.string(), z.unknown()),
  data: z.object({
    photos: z.int(),
    captions: z.int(),
    train: z.int(),
    validation: z.int(),
    heldOut: z.int(),
  }),
  scores: z.array(AdapterScore),
  /** Whether it was found better than its base, and why. */
  better: z.boolean(),
  reason: z.string(),
});
export type AdapterCard = z.infer<typeof AdapterCard>;
