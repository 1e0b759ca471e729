import { z } from 'zod';
import { ModelRoles } from './model.ts';
import { FileProgress } from './tasks.ts';
import { TrainedFacts } from './training.ts';

/** What was read from a checkpoint when it was last opened whole. */
export const ModelFacts = z.object({
  /** `name@fingerprint`, where the fingerprint hashes configuration, vocabulary and weights. */
  id: z.string(),
  roles: ModelRoles,
  parameters: z.int(),
  /** Side of the square input in pixels. */
  imageSize: z.int(),
  /** The type of most of the weights. */
  dtype: z.enum(['f32', 'f16', 'bf16']),
});
export type ModelFacts = z.infer<typeof ModelFacts>;

/** A model that can be chosen. */
export const ListedModel = z.object({
  /** What people call it; unique. */
  name: z.string(),
  /** Absolute path. */
  folder: z.string(),
  /** `hub` and `address` were downloaded; `folder` belongs to the person; `trained` changes another model. */
  source: z.enum(['starter', 'folder', 'hub', 'address', 'trained']),
  /** Id on the hub, or the address. */
  origin: z.string().nullable(),
  /** Commit on the hub. */
  revision: z.string().nullable(),
  /** ISO 8601. */
  addedAt: z.string().nullable(),
  /** Bytes on disk. */
  bytes: z.int(),
  facts: ModelFacts,
  /** Of a trained model, how it was trained and how good it is. */
  trained: TrainedFacts.optional(),
  /** Its licence in the words of its card; null where it names none. */
  license: z.string().nullable(),
  /** Why it cannot be used; null when it can. */
  problem: z.string().nullable(),
});
export type ListedModel = z.infer<typeof ListedModel>;

/** What there is of a download that is not finished, as it lies on disk. */
export const UnfinishedDownload = z.object({
  /** Id on the hub, or the address. */
  origin: z.string(),
  name: z.string(),
  /** Bytes there are. */
  done: z.int(),
  /** Bytes of all files; null while unknown. */
  total: z.int().nullable(),
  files: z.array(FileProgress),
});
export type UnfinishedDownload = z.infer<typeof UnfinishedDownload>;

/** What lies on disk, whoever is at work on it. */
export const ModelList = z.object({
  models: z.array(ListedModel),
  /** Those that can be taken up where they stopped, and those that are being fetched. */
  downloads: z.array(UnfinishedDownload),
});
export type ModelList = z.infer<typeof ModelList>;
