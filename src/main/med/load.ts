import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseDevice } from '#main/runtime/providers.ts';
import { MedleyError } from '#shared/errors.ts';
import type { DeviceChoice, Dtype, Provider } from '#shared/schemas/model.ts';
import { countParameters, openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { GraphModel } from './graph-model.ts';
import { probeModels } from './graphs/probe.ts';
import type { MedModel } from './med-model.ts';
import { ModelGraphs } from './model-graphs.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

/**
 * Parameters below which a model computes in f32 on every device. A small model gains little from
 * f16, and f16 changes some of its captions (3 of 20 on an NVIDIA GPU): better that a library reads
 * the same wherever it was made.
 */
const smallModel = 100e6;

export interface LoadOptions {
  /** Checkpoint folder, or the path of a `.pth`; it is only read. */
  readonly folder: string;
  readonly device: DeviceChoice;
  /** Type to compute in; left out, f32 for a small model, else f16 on a GPU that can. */
  readonly dtype?: Dtype;
  /** Side of the image encoder's square input in pixels; left out, that of the checkpoint. */
  readonly imageSize?: number;
  /** Providers not to use, and why: they failed at work. */
  readonly failed?: ReadonlyMap<Provider, string>;
}

/**
 * Loads a checkpoint folder onto a device.
 *
 * @throws MedleyError `file-missing`, `checkpoint-invalid`, `device-unavailable` or `bad-request`,
 * naming what is at fault
 */
export async function loadModel({
  folder,
  device,
  dtype,
  imageSize,
  failed = new Map(),
}: LoadOptions): Promise<MedModel> {
  const checkpoint = await openCheckpoint(folder, imageSize === undefined ? {} : { imageSize });
  const tokenizer = tokenizerOf(checkpoint);
  const { config, tensors } = checkpoint;
  const parameters = countParameters(tensors);
  const wanted = dtype ?? (parameters < smallModel ? 'f32' : undefined);
  const status = await chooseDevice({ requested: device, dtype: wanted, failed }, probeModels());
  const files = await Promise.all(checkpoint.weightsFiles.map((file) => stat(file)));
  return new GraphModel({
    device: status,
    config,
    roles: checkpoint.roles,
    tokenizer,
    graphs: new ModelGraphs(checkpoint, status),
    info: {
      id: checkpoint.id,
      name: config.name,
      folder: checkpoint.folder,
      parameters,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      imageSize: config.vision_config.image_size,
      embeddingSize: config.projection_size,
      card: checkpoint.card,
    },
  });
}

function tokenizerOf({ vocabulary, config, folder }: Checkpoint): Tokenizer {
  const tokenizer = createTokenizer(vocabulary);
  const words = config.text_config.vocab_size;
  if (tokenizer.size > words) {
    const file = join(folder, 'vocab.txt');
    throw new MedleyError(
      'checkpoint-invalid',
      `${file}: ${tokenizer.size} pieces, but config.json says vocab_size ${words}.`,
      { subject: file },
    );
  }
  return tokenizer;
}
