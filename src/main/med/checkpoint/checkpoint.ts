import { createHash } from 'node:crypto';
import { dirname, join, relative, sep } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import type { ModelRoles } from '#shared/schemas/model.ts';
import { MAX_IMAGE_SIZE, type MedConfig } from './config.ts';
import { readFormat } from '../formats/format.ts';
import { readThrough, type ReadWatch } from '../formats/read-through.ts';
import { readSettingsFile } from '../formats/settings-file.ts';
import type { TensorIndex } from '../formats/stored-tensor.ts';
import type { WeightChanges } from './parameters.ts';
import { rolesOf } from './roles.ts';
import { checkTensors } from './tensor-check.ts';

/** A checkpoint of any format: its settings, and where every tensor lies. */
export interface Checkpoint {
  /** Absolute path of the folder it was opened from. */
  readonly folder: string;
  readonly config: MedConfig;
  readonly roles: ModelRoles;
  /** The pieces of a `vocab.txt`, one a line. */
  readonly vocabulary: string;
  /** By canonical name: those of the Hugging Face layout of BLIP, shared ones as `textNames` says. */
  readonly tensors: TensorIndex;
  /** Absolute folder that holds all weights files; not `folder` where those are links. */
  readonly weightsFolder: string;
  /** Absolute paths, links resolved, in order of name. */
  readonly weightsFiles: readonly string[];
  /** What adapters make of the weights, in each role. */
  readonly roleChanges?: Partial<Readonly<Record<keyof ModelRoles, WeightChanges>>>;
  /**
   * Blocks at the end of the image encoder that are left out, with the normalisation behind them; left
   * out, none is.
   */
  readonly imageBlocksLeftOut?: number;
  /** Id of the checkpoint that adapters changed; left out where none did. */
  readonly baseId?: string;
  /** Id of the checkpoint that makes the same embeddings of photos; left out where that is this one. */
  readonly imageId?: string;
  /** `name@fingerprint`: 12 hexadecimal digits over configuration, vocabulary and weights, and over adapters. */
  readonly id: string;
  /** The model card, Markdown; null when there is none. */
  readonly card: string | null;
}

export interface OpenOptions extends ReadWatch {
  /** Side of the square input in pixels, in place of the one the checkpoint was trained at. */
  readonly imageSize?: number;
}

/**
 * Opens a checkpoint: a folder in our own layout or in that of Hugging Face, or an original BLIP
 * `.pth` (or a folder with one). All of it is read once: every tensor is there in its shape, no
 * other is, and every weight is a number.
 *
 * @throws MedleyError `file-missing`, `file-unreadable`, `checkpoint-invalid` or `bad-request`,
 * naming the file and the tensor or setting at fault; the signal's reason
 */
export async function openCheckpoint(
  place: string,
  options: OpenOptions = {},
): Promise<Checkpoint> {
  const format = await readFormat(place);
  const { folder, vocabulary, tensors } = format;
  const config = resized(format.config, options.imageSize);
  const roles = rolesOf(tensors);
  const weightsFiles = [...new Set([...tensors.values()].map(({ file }) => file))].toSorted();
  const source = { config, roles, tensors, weightsFolder: commonFolder(weightsFiles) };
  checkTensors(source, folder);
  const hash = createHash('sha256');
  format.settings.forEach((text) => hash.update(text).update('\0'));
  if (config !== format.config) hash.update(`image_size ${options.imageSize}\0`);
  await readThrough(weightsFiles, [...tensors.values()], hash, options);
  return {
    ...source,
    folder,
    vocabulary,
    weightsFiles,
    id: `${config.name}@${hash.digest('hex').slice(0, 12)}`,
    card: await readCard(folder),
  };
}

/** A card that cannot be read keeps nobody from using the model. */
export function readCard(folder: string): Promise<string | null> {
  return readSettingsFile(join(folder, 'README.md')).catch(() => null);
}

/** The configuration at another image size; the same object where that is its own. */
function resized(config: MedConfig, imageSize: number | undefined): MedConfig {
  const { vision_config: vision } = config;
  if (imageSize === undefined || imageSize === vision.image_size) return config;
  const unit = vision.stem === 'patch' ? vision.patch_size : 32;
  if (imageSize < unit || imageSize % unit !== 0 || imageSize > MAX_IMAGE_SIZE) {
    throw new MedleyError(
      'bad-request',
      `This model takes photos of a multiple of ${unit} pixels a side, ${MAX_IMAGE_SIZE} at most, not ${imageSize}.`,
      { subject: 'imageSize' },
    );
  }
  return { ...config, vision_config: { ...vision, image_size: imageSize } };
}

/** The deepest folder that holds all files. */
function commonFolder(files: readonly string[]): string {
  let folder = dirname(files[0]);
  const isInside = (file: string) => !relative(folder, file).startsWith(`..${sep}`);
  while (!files.every(isInside)) folder = dirname(folder);
  return folder;
}

/** Number of weights; those of tensors that are the same bytes count once. */
export function countParameters(tensors: TensorIndex): number {
  const places = new Map(
    [...tensors.values()].map(({ file, offset, shape }) => [`${offset} ${file}`, shape] as const),
  );
  const count = (shape: readonly number[]) =>
    shape.reduce<number>((product, dim) => product * dim, 1);
  return [...places.values()].reduce((sum, shape) => sum + count(shape), 0);
}
