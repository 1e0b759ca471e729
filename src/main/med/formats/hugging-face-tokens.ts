import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';
import { parseSettings } from '../checkpoint/config.ts';
import type { ConfigFile } from './checkpoint-format.ts';
import { createTokenizer } from '../text/tokenizer.ts';

const id = z.int().nullish();
/** `eos_token_id` is not among them: official files have 2 there, and captions end with [SEP]. */
const TokenIds = z.object({ bos_token_id: id, sep_token_id: id, pad_token_id: id });
const TextConfig = z.object({ text_config: TokenIds.prefault({}) });

/**
 * Refuses a vocabulary that has other ids for its special tokens than the `config.json` beside it,
 * as that of another model has: texts would be read and written wrongly throughout.
 *
 * @throws MedleyError `checkpoint-invalid`, naming the file and the setting
 */
export function checkTokenIds({ json, file }: ConfigFile, vocabulary: string): void {
  const { text_config: ids } = parseSettings(TextConfig, json, file);
  const { dec, sep, pad } = createTokenizer(vocabulary).special;
  const tokens = [
    { key: 'bos_token_id', token: '[DEC]', found: dec },
    { key: 'sep_token_id', token: '[SEP]', found: sep },
    { key: 'pad_token_id', token: '[PAD]', found: pad },
  ] as const;
  for (const { key, token, found } of tokens) {
    const expected = ids[key] ?? found;
    if (expected === found) continue;
    throw new MedleyError(
      'checkpoint-invalid',
      `${file}: text_config.${key} is ${expected}, but ${token} is ${found} in the vocabulary beside it. Both must come from the same model.`,
      { subject: file },
    );
  }
}
