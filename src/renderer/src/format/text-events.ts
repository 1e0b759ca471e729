import type { TextEvent } from '#shared/schemas/captions.ts';
import { decodingWords } from './decoding-words.ts';
import { nameOfModel } from './model-words.ts';

/** What became of a text, in words that come before it. */
export function eventWords({ what, by, caption }: TextEvent): string {
  const who = by === null || by === 'person' ? 'You' : 'Medley';
  switch (what) {
    case 'written':
      return writtenWords(caption);
    case 'confirmed':
      return `${who} confirmed`;
    case 'rejected':
      return `${who} set aside`;
    case 'withdrawn':
      return caption.origin === 'person' ? `${who} erased` : `${who} no longer confirmed`;
  }
}

function writtenWords({ origin, field, modelId, decoding }: TextEvent['caption']): string {
  if (origin === 'person') return 'You wrote';
  if (origin === 'imported') return field === null ? 'The file said' : `The file said in ${field}`;
  const how = decoding === null ? '' : ` (${decodingWords(decoding)})`;
  return `${modelId === null ? 'A model' : nameOfModel(modelId)} wrote${how}`;
}
