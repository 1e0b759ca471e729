import { z } from 'zod';
import { ModelFacts } from '#shared/schemas/models.ts';
import { TrainedFacts } from '#shared/schemas/training.ts';

/** A file of a model as it was when it was added. */
export const FileRecord = z.object({
  /** File name inside the model's folder. */
  name: z.string().min(1),
  /** Bytes. */
  size: z.int().min(0),
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type FileRecord = z.infer<typeof FileRecord>;

/** A model as `models.json` keeps it. */
export const ModelEntry = z.object({
  /** What people call it; unique. */
  name: z.string().min(1),
  /** Absolute path of the checkpoint folder. */
  folder: z.string().min(1),
  /**
   * `hub` and `address` were downloaded into Medley's own folder, where `trained` ones lie too; `folder`
   * belongs to the person.
   */
  source: z.enum(['folder', 'hub', 'address', 'trained']),
  /** Id on the hub, or the address; null for a folder. */
  origin: z.string().nullable(),
  /** Commit on the hub; null elsewhere. */
  revision: z.string().nullable(),
  /** ISO 8601. */
  addedAt: z.iso.datetime(),
  files: z.array(FileRecord),
  facts: ModelFacts,
  /** Of a trained model. */
  trained: TrainedFacts.optional(),
});
export type ModelEntry = z.infer<typeof ModelEntry>;
