import { z } from 'zod';
import { WriteSettings } from './review-writes.ts';

export const Provider = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export type Provider = z.infer<typeof Provider>;

export const DeviceChoice = z.enum(['auto', ...Provider.options]);
export type DeviceChoice = z.infer<typeof DeviceChoice>;

/** Floating-point types that models compute in. */
export const FloatType = z.enum(['f32', 'f16']);
export type FloatType = z.infer<typeof FloatType>;

/** What a model computes in. `int8` is f32 with the products of linear layers in 8-bit integers. */
export const Dtype = z.enum([...FloatType.options, 'int8']);
export type Dtype = z.infer<typeof Dtype>;

/** Which device runs the model, and why. */
export const DeviceStatus = z.object({
  /** What the person asked for. */
  requested: DeviceChoice,
  provider: Provider,
  dtype: Dtype,
  /** One sentence. */
  reason: z.string(),
  /** Every provider that this system can have, and why it can or cannot be used here. */
  candidates: z.array(z.object({ provider: Provider, available: z.boolean(), detail: z.string() })),
});
export type DeviceStatus = z.infer<typeof DeviceStatus>;

/** What a checkpoint can be used for. */
export const ModelRoles = z.object({
  /** Search, and saying how well a text fits a photo. */
  matching: z.boolean(),
  captioning: z.boolean(),
});
export type ModelRoles = z.infer<typeof ModelRoles>;

/** The checkpoint of one role, in a model that is put together of two. */
export const ModelPart = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
});
export type ModelPart = z.infer<typeof ModelPart>;

export const ModelInfo = z.object({
  /**
   * `name@fingerprint`, where the fingerprint hashes configuration, vocabulary and weights; of the
   * checkpoint that matches, where captions come from another.
   */
  id: z.string(),
  /**
   * Id under which the vectors of photos are kept: of the model itself, or of its base where it was trained
   * from one and makes the same vectors of photos.
   */
  imageId: z.string(),
  name: z.string(),
  folder: z.string(),
  roles: ModelRoles,
  /** What writes the captions, where that is a checkpoint of its own. */
  captioner: ModelPart.nullable(),
  parameters: z.int(),
  /** Bytes of the weights on disk. */
  bytes: z.int(),
  /** Side of the square input in pixels; the larger one of two image encoders. */
  imageSize: z.int(),
  /** Width of the ITC embedding; 0 where the model does not match. */
  embeddingSize: z.int(),
  /** What the ITC cosine weighs beside the match logit in the order of results. */
  cosineWeight: z.number(),
  /** The model card, Markdown; null when the folder has none. */
  card: z.string().nullable(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** Id of the checkpoint that writes a model's captions. */
export function captionerIdOf(model: Pick<ModelInfo, 'id' | 'captioner'>): string {
  return model.captioner?.id ?? model.id;
}

/** Photos the background work gives to the model at a time. */
export const BatchStatus = z.object({
  embed: z.int(),
  caption: z.int(),
  /** Whether these are final; else they are still being measured. */
  measured: z.boolean(),
});
export type BatchStatus = z.infer<typeof BatchStatus>;

export const ModelStatus = z.object({
  state: z.enum(['loading', 'ready', 'failed']),
  model: ModelInfo.nullable(),
  device: DeviceStatus.nullable(),
  batches: BatchStatus.nullable(),
  /** Why loading failed. */
  error: z.string().nullable(),
});
export type ModelStatus = z.infer<typeof ModelStatus>;

/** The checkpoint folders that a person chose. */
export const ChosenModel = z.object({
  /** Null for the model that ships with Medley. */
  modelFolder: z.string().nullable(),
  /** Of what writes captions; null for the model itself. */
  captionerFolder: z.string().nullable(),
});
export type ChosenModel = z.infer<typeof ChosenModel>;

/** What the person chose; stored in the library folder. */
export const Settings = z.object({
  device: DeviceChoice.default('auto'),
  /** Checkpoint folder; null for the model that ships with Medley. */
  modelFolder: z.string().nullable().default(null),
  /** Checkpoint folder of what writes captions; null for the model itself. */
  captionerFolder: z.string().nullable().default(null),
  /** What takes their place once it has looked at every photo; null while nothing does. */
  adopting: ChosenModel.nullable().default(null),
  /** What was in use before, to go back to; null where nothing was. */
  previous: ChosenModel.nullable().default(null),
  /** How texts are written into files. */
  writing: WriteSettings.default({ target: 'sidecar', keepTimes: false, mark: true }),
});
export type Settings = z.infer<typeof Settings>;

/** A change of some settings. Not `Settings.partial()`, which fills what is left out. */
export const SettingsChange = z.object({
  device: DeviceChoice.optional(),
  modelFolder: z.string().nullable().optional(),
  captionerFolder: z.string().nullable().optional(),
  writing: WriteSettings.optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;
