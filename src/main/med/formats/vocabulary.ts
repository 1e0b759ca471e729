import { join } from 'node:path';
import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';
import { parseJson } from '../checkpoint/config.ts';
import { readSettingsFile } from './settings-file.ts';

/** `tokenizer.json` of Hugging Face tokenizers, as far as the pieces go. */
const TokenizerJson = z.object({
  model: z.object({ type: z.literal('WordPiece'), vocab: z.record(z.string(), z.int().min(0)) }),
  added_tokens: z.array(z.object({ id: z.int().min(0), content: z.string() })).default([]),
});

/**
 * The pieces of a checkpoint folder, one a line: its `vocab.txt`, else those of `tokenizer.json`,
 * the only one that newer versions of transformers write.
 *
 * @throws MedleyError `file-missing`, `file-unreadable` or `checkpoint-invalid`, naming the file
 */
export async function readVocabulary(folder: string): Promise<string> {
  const file = join(folder, 'vocab.txt');
  const pieces = await readSettingsFile(file);
  if (pieces !== null) return pieces;
  const tokenizer = join(folder, 'tokenizer.json');
  const text = await readSettingsFile(tokenizer);
  if (text !== null) return piecesOf(text, tokenizer);
  throw new MedleyError(
    'file-missing',
    `${file}: cannot be read. Put the vocab.txt of bert-base-uncased there, unless the model has its own.`,
    { subject: file },
  );
}

function piecesOf(text: string, file: string): string {
  const fail = (reason: string) =>
    new MedleyError('checkpoint-invalid', `${file}: ${reason}`, { subject: file });
  const parsed = TokenizerJson.safeParse(parseJson(text, file));
  if (!parsed.success) throw fail('it is not the WordPiece tokenizer of BERT.');
  const { model, added_tokens: added } = parsed.data;
  const pieceById = new Map([
    ...Object.entries(model.vocab).map(([piece, id]) => [id, piece] as const),
    ...added.map(({ id, content }) => [id, content] as const),
  ]);
  return Array.from({ length: pieceById.size }, (_, id) => {
    const piece = pieceById.get(id);
    if (piece === undefined) throw fail(`no piece has the id ${id}.`);
    if (/[\r\n]/.test(piece)) throw fail(`piece ${id} holds a line break.`);
    return `${piece}\n`;
  }).join('');
}
