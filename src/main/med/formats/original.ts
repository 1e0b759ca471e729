import { basename } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { readPth } from '../pth/read-pth.ts';
import type { FormatReader } from './checkpoint-format.ts';
import { originalConfig } from './original-config.ts';
import { canonicalName } from './original-names.ts';
import { requireTensors } from './stored-tensor.ts';
import { withTiedNames } from './tied-names.ts';
import { isTrainingOnly } from './training-only.ts';
import { readVocabulary } from './vocabulary.ts';

/** Reads a checkpoint of salesforce/BLIP or LAVIS, a `.pth` with `vocab.txt` beside it. */
export const readOriginal: FormatReader = async ({ folder, originals }) => {
  if (originals.length === 0) return null;
  if (originals.length > 1) {
    const names = originals.map((original) => basename(original)).join(', ');
    throw new MedleyError(
      'checkpoint-invalid',
      `${folder}: holds several checkpoints; name one of ${names}.`,
      { subject: folder },
    );
  }
  const [file] = originals;
  const stored = requireTensors(await readPth(file, isTrainingOnly), file);
  const tensors = withTiedNames(
    new Map([...stored].map(([name, tensor]) => [canonicalName(name), tensor])),
  );
  const config = originalConfig(tensors, file);
  const vocabulary = await readVocabulary(folder);
  return { folder, config, vocabulary, tensors, settings: [vocabulary] };
};
