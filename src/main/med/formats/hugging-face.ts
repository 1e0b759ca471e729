import { join } from 'node:path';
import { rolesOf } from '../checkpoint/roles.ts';
import type { CheckpointFormat } from './format.ts';
import { huggingFaceConfig } from './hugging-face-config.ts';
import { readPhotoSettings } from './hugging-face-photos.ts';
import { checkTokenIds } from './hugging-face-tokens.ts';
import { readSafetensorsFolder } from './shards.ts';
import { withTiedNames } from './tied-names.ts';
import { isTrainingOnly } from './training-only.ts';
import { readVocabulary } from './vocabulary.ts';

/**
 * Reads a folder that transformers' BLIP was saved to, or a download of one: retrieval
 * (`BlipForImageTextRetrieval`) or captioning (`BlipForConditionalGeneration`).
 */
export async function readHuggingFace(
  folder: string,
  json: unknown,
  text: string,
): Promise<CheckpointFormat> {
  const stored = await readSafetensorsFolder(folder, isTrainingOnly);
  const tensors = withTiedNames(stored);
  const photos = await readPhotoSettings(folder);
  const config = huggingFaceConfig(json, folder, rolesOf(tensors), photos);
  const vocabulary = await readVocabulary(folder);
  checkTokenIds(json, join(folder, 'config.json'), vocabulary);
  return { folder, config, vocabulary, tensors, settings: [text, photos.text, vocabulary] };
}
