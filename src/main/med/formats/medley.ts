import { parseConfig } from '../checkpoint/config.ts';
import type { FormatReader } from './checkpoint-format.ts';
import { readSafetensorsFolder } from './shards.ts';
import { isTrainingOnly } from './training-only.ts';
import { readVocabulary } from './vocabulary.ts';

/** Reads a folder in our own layout: canonical settings and names. */
export const readMedley: FormatReader = async ({ folder, config: found }) => {
  if (found === null) return null;
  const config = parseConfig(found.json, found.file);
  const vocabulary = await readVocabulary(folder);
  const tensors = await readSafetensorsFolder(folder, isTrainingOnly);
  return { folder, config, vocabulary, tensors, settings: [found.text, vocabulary] };
};
