import { stat } from 'node:fs/promises';
import { chooseDevice } from '#main/runtime/providers.ts';
import { MedleyError } from '#shared/errors.ts';
import type {
  DeviceChoice,
  DeviceStatus,
  Dtype,
  ModelRoles,
  Provider,
} from '#shared/schemas/model.ts';
import { adapted, openAdapter } from '../adapter/adapter-file.ts';
import { hasTwoEncoders, openModel, sharesEncoder } from '../adapter/trained-model.ts';
import { countParameters, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { CombinedModel } from './combined-model.ts';
import { GraphModel } from './graph-model.ts';
import { probeModels } from '../graphs/probe.ts';
import type { MedModel } from './med-model.ts';
import { ModelGraphs } from './model-graphs.ts';
import { cannot } from '../checkpoint/roles.ts';
import { createTokenizer, type Tokenizer } from '../text/tokenizer.ts';

/** Match logit and cosine are added as they are (BLIP, section 5.1). */
const blipCosineWeight = 1;

/**
 * Parameters below which a model computes in f32 on every device. A small model gains little from
 * f16, and f16 changes some of its captions (3 of 20 on an NVIDIA GPU): better that a library reads
 * the same wherever it was made.
 */
const smallModel = 100e6;

export interface LoadOptions {
  /** Checkpoint folder, the path of a `.pth`, or the folder of a trained model; it is only read. */
  readonly folder: string;
  /** The same of what writes captions, where that is a checkpoint of its own. */
  readonly captionerFolder?: string;
  /** Files of adapters of the model in `folder`: one of its roles each, or of both. */
  readonly adapters?: readonly string[];
  readonly device: DeviceChoice;
  /** Type to compute in; left out, f32 for a small model, else what suits the device. */
  readonly dtype?: Dtype;
  /** Side of the image encoder's square input in pixels; left out, that of the checkpoint. */
  readonly imageSize?: number;
  /** Providers not to use, and why: they failed at work. */
  readonly failed?: ReadonlyMap<Provider, string>;
}

/**
 * Loads a checkpoint onto a device, or two: one that matches and one that captions.
 *
 * @throws MedleyError `file-missing`, `checkpoint-invalid`, `device-unavailable` or `bad-request`,
 * naming what is at fault
 */
export async function loadModel(options: LoadOptions): Promise<MedModel> {
  const { folder, captionerFolder, device, dtype, failed = new Map() } = options;
  const size = options.imageSize === undefined ? {} : { imageSize: options.imageSize };
  const adapters = await Promise.all((options.adapters ?? []).map(openAdapter));
  const checkpoint = adapted(await openModel(folder, size), adapters);
  const captioner = captionerFolder === undefined ? null : await openModel(captionerFolder, size);
  const checkpoints = captioner === null ? [checkpoint] : [checkpoint, captioner];
  const isSmall = checkpoints.every(({ tensors }) => countParameters(tensors) < smallModel);
  const wanted = dtype ?? (isSmall ? 'f32' : undefined);
  const status = await chooseDevice({ requested: device, dtype: wanted, failed }, probeModels());
  if (captioner === null && !hasTwoEncoders(checkpoint)) return graphModel(checkpoint, status);
  const writes = captioner ?? checkpoint;
  return new CombinedModel({
    matching: await graphModel(inRole(checkpoint, 'matching'), status),
    captioning: await graphModel(inRole(writes, 'captioning'), status),
    preparesAlike: sideOf(checkpoint) === sideOf(writes),
    sharesEncoder: sharesEncoder(checkpoint, writes),
  });
}

/**
 * A checkpoint for one role alone.
 *
 * @throws MedleyError `bad-request` when it cannot do that
 */
function inRole(checkpoint: Checkpoint, role: keyof ModelRoles): Checkpoint {
  if (!checkpoint.roles[role]) throw cannot(checkpoint.config.name, checkpoint.folder, role);
  return { ...checkpoint, roles: { matching: false, captioning: false, [role]: true } };
}

/** What the pixels of a photo depend on; each image encoder normalises them itself. */
function sideOf({ config }: Checkpoint): number {
  return config.vision_config.image_size;
}

/** A checkpoint on a device. */
export async function graphModel(
  checkpoint: Checkpoint,
  status: DeviceStatus,
): Promise<GraphModel> {
  const { config, roles, tensors } = checkpoint;
  const files = await Promise.all(checkpoint.weightsFiles.map((file) => stat(file)));
  return new GraphModel({
    device: status,
    config,
    tokenizer: tokenizerOf(checkpoint),
    graphs: new ModelGraphs(checkpoint, status),
    info: {
      id: checkpoint.id,
      imageId: checkpoint.imageId ?? checkpoint.id,
      name: config.name,
      folder: checkpoint.folder,
      roles,
      captioner: null,
      parameters: countParameters(tensors),
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      imageSize: config.vision_config.image_size,
      embeddingSize: roles.matching ? config.projection_size : 0,
      cosineWeight: config.ranking?.cosine_weight ?? blipCosineWeight,
      card: checkpoint.card,
    },
  });
}

function tokenizerOf({ vocabulary, config, folder }: Checkpoint): Tokenizer {
  const tokenizer = createTokenizer(vocabulary);
  const words = config.text_config.vocab_size;
  if (tokenizer.size > words) {
    throw new MedleyError(
      'checkpoint-invalid',
      `${folder}: its vocabulary has ${tokenizer.size} pieces, but the model embeds ${words}.`,
      { subject: folder },
    );
  }
  return tokenizer;
}
