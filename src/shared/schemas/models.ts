import { z } from 'zod';
import { ModelRoles } from './model.ts';

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
  /** `hub` and `address` were downloaded; `folder` belongs to the person. */
  source: z.enum(['starter', 'folder', 'hub', 'address']),
  /** Id on the hub, or the address. */
  origin: z.string().nullable(),
  /** Commit on the hub. */
  revision: z.string().nullable(),
  /** ISO 8601. */
  addedAt: z.string().nullable(),
  /** Bytes on disk. */
  bytes: z.int(),
  facts: ModelFacts,
  /** Why it cannot be used; null when it can. */
  problem: z.string().nullable(),
});
export type ListedModel = z.infer<typeof ListedModel>;

/** A download under way, or one that can be taken up where it stopped. */
export const DownloadStatus = z.object({
  /** Id on the hub, or the address. */
  origin: z.string(),
  name: z.string(),
  state: z.enum(['listing', 'fetching', 'checking', 'stopped']),
  /** Bytes there are. */
  done: z.int(),
  /** Bytes of all files; null while unknown. */
  total: z.int().nullable(),
  files: z.array(z.object({ name: z.string(), done: z.int(), total: z.int().nullable() })),
  /** Bytes a second over the last seconds; null before the first measure. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Why it stopped, unless the person stopped it. */
  error: z.string().nullable(),
});
export type DownloadStatus = z.infer<typeof DownloadStatus>;

/** A model that is being read from end to end. */
export const ReadingStatus = z.object({
  /** As it was given. */
  folder: z.string(),
  name: z.string(),
  /** It is added to the list, or checked against what it was then. */
  purpose: z.enum(['add', 'check']),
  /** How far it is, from 0 to 1; null before the first bytes. */
  share: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type ReadingStatus = z.infer<typeof ReadingStatus>;

export const ModelList = z.object({
  models: z.array(ListedModel),
  readings: z.array(ReadingStatus),
  downloads: z.array(DownloadStatus),
});
export type ModelList = z.infer<typeof ModelList>;
