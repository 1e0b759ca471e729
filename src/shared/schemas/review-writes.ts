import { z } from 'zod';
import { TextPurpose } from './alt-text.ts';
import { PhotoId } from './photos.ts';

/** Where texts are written: into a file beside the photo, or into the photo's own where its format holds them. */
export const WriteTarget = z.enum(['sidecar', 'embedded']);
export type WriteTarget = z.infer<typeof WriteTarget>;

/** How texts are written into files. */
export const WriteSettings = z.object({
  target: WriteTarget,
  /** Whether files keep the time they were modified at. */
  keepTimes: z.boolean(),
  /** Whether a machine's text is marked as one. */
  mark: z.boolean(),
});
export type WriteSettings = z.infer<typeof WriteSettings>;

/** A text that a person wrote or confirmed, or took away, and that a file does not say so yet. */
export const PendingText = z.object({
  photoId: PhotoId,
  /** The photo's own file. */
  photo: z.string(),
  /** The file that is to say it. */
  file: z.string(),
  target: WriteTarget,
  /** Whether that file is there. */
  isNew: z.boolean(),
  purpose: TextPurpose,
  /** Exiftool's name. */
  field: z.string(),
  /** What it says now; null where nothing. */
  before: z.string().nullable(),
  /** What the photo's own metadata says, where a file beside it is to say something else; null where nothing. */
  photoSays: z.string().nullable(),
  /** What it will say; null: nothing. */
  after: z.string().nullable(),
  /** Id of the model that wrote the text; null for a person's. */
  modelId: z.string().nullable(),
});
export type PendingText = z.infer<typeof PendingText>;
