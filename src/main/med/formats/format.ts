import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { parseJson, type MedConfig } from '../checkpoint/config.ts';
import { readHuggingFace } from './hugging-face.ts';
import { readMedley } from './medley.ts';
import { readOriginal } from './original.ts';
import type { TensorIndex } from './stored-tensor.ts';

/** What a checkpoint of any format comes down to. */
export interface CheckpointFormat {
  readonly folder: string;
  readonly config: MedConfig;
  readonly vocabulary: string;
  /** By canonical name. */
  readonly tensors: TensorIndex;
  /** The texts besides the weights that make the checkpoint what it is. */
  readonly settings: readonly string[];
}

const CONFIG = 'config.json';

/**
 * Reads a checkpoint in whichever format it is: a folder with `config.json` is ours or Hugging
 * Face's, by its `model_type`; a `.pth`, or a folder with one, is an original file.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file at fault
 */
export async function readFormat(place: string): Promise<CheckpointFormat> {
  const path = resolve(place);
  const file = join(path, CONFIG);
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return readOriginal(dirname(path), path);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => ({ cause }));
  if (typeof text === 'string') {
    const json = parseJson(text, file);
    return isHuggingFace(json) ? readHuggingFace(path, json, text) : readMedley(path, json, text);
  }
  const originals = (await readdir(path).catch(() => [])).filter((name) => name.endsWith('.pth'));
  if (originals.length === 1) return readOriginal(path, join(path, originals[0]));
  if (originals.length > 1) {
    throw new MedleyError(
      'checkpoint-invalid',
      `${path}: holds several checkpoints; name one of ${originals.toSorted().join(', ')}.`,
      { subject: path },
    );
  }
  throw new MedleyError(
    'file-missing',
    `${file}: cannot be read. A model folder holds config.json, model.safetensors and vocab.txt, or a .pth file of BLIP and vocab.txt.`,
    { subject: file, cause: text.cause },
  );
}

function isHuggingFace(json: unknown): boolean {
  return (
    typeof json === 'object' && json !== null && 'model_type' in json && json.model_type === 'blip'
  );
}
