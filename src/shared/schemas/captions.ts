import { z } from 'zod';
import { TextPurpose } from './alt-text.ts';
import { Caption, PhotoId } from './photos.ts';
import { Proposal } from './review.ts';

/** A change that can be taken back as a whole. */
export const BatchId = z.string().min(1).max(100);
export type BatchId = z.infer<typeof BatchId>;

export const CaptionId = z.string().min(1).max(100);
export type CaptionId = z.infer<typeof CaptionId>;

/** What a person writes of a photo. */
export const NewText = z
  .object({
    photoId: PhotoId,
    purpose: TextPurpose,
    /** Empty only as alt text: the picture is decorative. */
    text: z.string().trim().max(5000),
    /** The text in whose place it comes; null where it comes beside the others. */
    replaces: CaptionId.nullable(),
  })
  .refine(
    ({ purpose, text }) => purpose === 'alt' || text !== '',
    'Only an alt text can be empty.',
  );
export type NewText = z.infer<typeof NewText>;

/** A text by the model, for a person to choose. */
export const Suggestion = Proposal.extend({
  /** Match probability in [0, 1]; null with a model that only writes. */
  itm: z.number().nullable(),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** A suggestion that a person takes as it is. */
export const AcceptedText = z.object({
  photoId: PhotoId,
  purpose: TextPurpose,
  text: z.string().trim().min(1).max(5000),
  modelId: Proposal.shape.modelId,
  decoding: Proposal.shape.decoding,
  replaces: CaptionId.nullable(),
});
export type AcceptedText = z.infer<typeof AcceptedText>;

/** Something that became of a text of a photo. */
export const TextEvent = z.object({
  /** ISO 8601. */
  at: z.string(),
  what: z.enum(['written', 'confirmed', 'rejected', 'withdrawn']),
  /** `person`, or what decided in a person's place; null for a text that came to be. */
  by: z.string().nullable(),
  caption: Caption.pick({
    id: true,
    text: true,
    origin: true,
    field: true,
    modelId: true,
    decoding: true,
  }),
  /** Whether the text is shown now. */
  shown: z.boolean(),
});
export type TextEvent = z.infer<typeof TextEvent>;

/** What came of taking a change back. */
export const Undone = z.object({
  /** By which that is taken back in turn. */
  batchId: BatchId,
  restored: z.int(),
  /** What has changed since, and was left as it is. */
  left: z.int(),
});
export type Undone = z.infer<typeof Undone>;
