import { rolesOf } from '../checkpoint/roles.ts';
import type { FormatReader } from './checkpoint-format.ts';
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
export const readHuggingFace: FormatReader = async ({ folder, config: found }) => {
  if (found === null || !isBlip(found.json)) return null;
  const stored = await readSafetensorsFolder(folder, isTrainingOnly);
  const tensors = withTiedNames(stored);
  const photos = await readPhotoSettings(folder);
  const config = huggingFaceConfig(found, rolesOf(tensors), photos);
  const vocabulary = await readVocabulary(folder);
  checkTokenIds(found, vocabulary);
  return { folder, config, vocabulary, tensors, settings: [found.text, photos.text, vocabulary] };
};

function isBlip(json: unknown): boolean {
  return (
    typeof json === 'object' && json !== null && 'model_type' in json && json.model_type === 'blip'
  );
}
