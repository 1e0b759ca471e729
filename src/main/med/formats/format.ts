import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { parseJson } from '../checkpoint/config.ts';
import type {
  CheckpointFormat,
  ConfigFile,
  FormatReader,
  ModelPlace,
} from './checkpoint-format.ts';
import { readHuggingFace } from './hugging-face.ts';
import { readMedley } from './medley.ts';
import { readOriginal } from './original.ts';
import { readSettingsFile } from './settings-file.ts';

/** The formats there are, each before those that would take its checkpoints for their own. */
const readers: readonly FormatReader[] = [readHuggingFace, readMedley, readOriginal];

const CONFIG = 'config.json';

/**
 * Reads a checkpoint in whichever format it is.
 *
 * @param path its folder, or a single file of weights
 * @throws MedleyError `file-missing`, `file-unreadable` or `checkpoint-invalid`, naming the file at
 *   fault
 */
export async function readFormat(path: string): Promise<CheckpointFormat> {
  const place = await lookAt(resolve(path));
  for (const read of readers) {
    const format = await read(place);
    if (format !== null) return format;
  }
  const file = join(place.folder, CONFIG);
  throw new MedleyError(
    'file-missing',
    `${file}: cannot be read. A model folder holds config.json, model.safetensors and vocab.txt, or a .pth file of BLIP and vocab.txt.`,
    { subject: file },
  );
}

async function lookAt(path: string): Promise<ModelPlace> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return { folder: dirname(path), config: null, originals: [path] };
  const names = await readdir(path).catch(() => []);
  const originals = names.filter((name) => name.endsWith('.pth')).toSorted();
  return {
    folder: path,
    config: await configIn(path),
    originals: originals.map((name) => join(path, name)),
  };
}

async function configIn(folder: string): Promise<ConfigFile | null> {
  const file = join(folder, CONFIG);
  const text = await readSettingsFile(file);
  return text === null ? null : { file, text, json: parseJson(text, file) };
}
