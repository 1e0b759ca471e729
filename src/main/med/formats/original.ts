import { readPth } from '../pth/read-pth.ts';
import type { CheckpointFormat } from './format.ts';
import { originalConfig } from './original-config.ts';
import { canonicalName } from './original-names.ts';
import { withTiedNames } from './tied-names.ts';
import { isTrainingOnly } from './training-only.ts';
import { readVocabulary } from './vocabulary.ts';

/** Reads a checkpoint of salesforce/BLIP or LAVIS, a `.pth` with `vocab.txt` beside it. */
export async function readOriginal(folder: string, file: string): Promise<CheckpointFormat> {
  const stored = await readPth(file, isTrainingOnly);
  const tensors = withTiedNames(
    new Map([...stored].map(([name, tensor]) => [canonicalName(name), tensor])),
  );
  const config = originalConfig(tensors, file);
  const vocabulary = await readVocabulary(folder);
  return { folder, config, vocabulary, tensors, settings: [vocabulary] };
}
