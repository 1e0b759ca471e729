import { join } from 'node:path';
import { parseConfig } from '../checkpoint/config.ts';
import type { CheckpointFormat } from './format.ts';
import { readSafetensorsFolder } from './shards.ts';
import { isTrainingOnly } from './training-only.ts';
import { readVocabulary } from './vocabulary.ts';

/** Reads a folder in our own layout: canonical settings and names. */
export async function readMedley(
  folder: string,
  json: unknown,
  text: string,
): Promise<CheckpointFormat> {
  const config = parseConfig(json, join(folder, 'config.json'));
  const vocabulary = await readVocabulary(folder);
  const tensors = await readSafetensorsFolder(folder, isTrainingOnly);
  return { folder, config, vocabulary, tensors, settings: [text, vocabulary] };
}
