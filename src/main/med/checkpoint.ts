import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MedleyError } from '#shared/errors.ts';
import { parseConfig, type MedConfig } from './config.ts';
import { readTensorIndex, type TensorIndex } from './safetensors.ts';

/** A checkpoint folder, read as far as its headers. */
export interface Checkpoint {
  /** Absolute path. */
  readonly folder: string;
  readonly config: MedConfig;
  /** The text of `vocab.txt`. */
  readonly vocabulary: string;
  readonly tensors: TensorIndex;
  /** File name of the weights, inside the folder. */
  readonly weightsFile: string;
  /** `name@fingerprint`: 12 hexadecimal digits over configuration, vocabulary and weights. */
  readonly id: string;
  /** The model card, Markdown; null when there is none. */
  readonly card: string | null;
}

const WEIGHTS = 'model.safetensors';

/**
 * Opens a checkpoint folder: `config.json`, `model.safetensors`, `vocab.txt`, and `README.md` as
 * the model card.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file at fault
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const at = (file: string) => join(resolve(folder), file);
  const configText = await readNeeded(at('config.json'));
  const vocabulary = await readNeeded(at('vocab.txt'));
  const config = parseConfig(configText, at('config.json'));
  const tensors = await readTensorIndex(at(WEIGHTS));
  const fingerprint = await fingerprintOf([configText, vocabulary], at(WEIGHTS));
  return {
    folder: resolve(folder),
    config,
    vocabulary,
    tensors,
    weightsFile: WEIGHTS,
    id: `${config.name}@${fingerprint}`,
    card: await readFile(at('README.md'), 'utf8').catch(() => null),
  };
}

async function readNeeded(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MedleyError(
      'file-missing',
      `${file}: cannot be read. A model folder holds config.json, model.safetensors and vocab.txt.`,
      { subject: file, cause },
    );
  }
}

async function fingerprintOf(texts: readonly string[], weights: string): Promise<string> {
  const hash = createHash('sha256');
  texts.forEach((text) => hash.update(text).update('\0'));
  await pipeline(createReadStream(weights), hash);
  return hash.digest('hex').slice(0, 12);
}

/** Number of weights in the file. */
export function countParameters(tensors: TensorIndex): number {
  const count = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);
  return [...tensors.values()].reduce((sum, { shape }) => sum + count(shape), 0);
}
