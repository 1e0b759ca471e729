import { MedleyError } from '#shared/errors.ts';
import { bertWords } from './bert-words.ts';

/** Ids of the tokens with a meaning of their own. */
export interface SpecialTokens {
  readonly pad: number;
  readonly unk: number;
  readonly cls: number;
  readonly sep: number;
  /** First token of the image-grounded decoder. */
  readonly dec: number;
  /** First token of the image-grounded encoder. */
  readonly enc: number;
}

export interface Tokenizer {
  readonly special: SpecialTokens;
  /** Number of ids, special tokens included. */
  readonly size: number;
  /**
   * The word pieces of a text, at most `maxLength` of them, without special tokens. A special
   * token's name in the text is text.
   */
  encode(text: string, maxLength: number): number[];
  /** The text of these ids: special tokens left out, pieces joined, punctuation closed up. */
  decode(ids: readonly number[]): string;
}

/** A word of more characters than this is unknown, as in BERT. */
const longestWord = 100;
/**
 * Of a text no more than this is read, in UTF-16 units: 512 pieces, the most that a BLIP takes, of
 * words of 100 letters each fit in it. So only a longer text that comes to fewer pieces than were
 * asked for, as of unknown words longer than that or of nothing but spaces, is encoded otherwise than
 * by Hugging Face.
 */
const longestText = 2 ** 16;
const continuation = '##';

/**
 * The uncased BERT WordPiece tokenizer of a checkpoint's `vocab.txt` (one piece a line; a piece's
 * id is its line). `[DEC]` and `[ENC]` are found by name; where the vocabulary is plain BERT's they
 * are added after it, in this order, as salesforce/BLIP does (`init_tokenizer`).
 *
 * Written here because `@huggingface/tokenizers` 0.2.0 differs from BertTokenizer on CJK beyond the
 * basic plane, on final sigma and on control characters; this one agrees with it but for the few
 * characters that Unicode named punctuation after version 13.
 *
 * @throws MedleyError `checkpoint-invalid` when a special token of BERT is missing or a piece is
 *   there twice.
 */
export function createTokenizer(vocabulary: string): Tokenizer {
  const pieces = readPieces(vocabulary);
  const ids = indexPieces(pieces);
  const special: SpecialTokens = {
    pad: idOf(ids, '[PAD]'),
    unk: idOf(ids, '[UNK]'),
    cls: idOf(ids, '[CLS]'),
    sep: idOf(ids, '[SEP]'),
    dec: findOrAdd(pieces, ids, '[DEC]'),
    enc: findOrAdd(pieces, ids, '[ENC]'),
  };
  const longestPiece = pieces.reduce((longest, piece) => Math.max(longest, piece.length), 0);
  const specialIds = new Set<number | undefined>([...Object.values(special), ids.get('[MASK]')]);
  return {
    special,
    size: pieces.length,
    encode: (text, maxLength) =>
      encode(text, maxLength, { ids, longestPiece, unknown: special.unk }),
    decode: (tokens) => {
      const shown = tokens.filter((id) => !specialIds.has(id)).map((id) => pieces[id] ?? '');
      return closeUp(joinPieces(shown));
    },
  };
}

function readPieces(vocabulary: string): string[] {
  const lines = vocabulary.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function indexPieces(pieces: readonly string[]): Map<string, number> {
  const ids = new Map<string, number>();
  for (const [id, piece] of pieces.entries()) {
    const earlier = ids.get(piece);
    if (earlier !== undefined) {
      throw new MedleyError(
        'checkpoint-invalid',
        `vocab.txt has the piece "${piece}" twice, on lines ${earlier + 1} and ${id + 1}`,
        { subject: 'vocab.txt' },
      );
    }
    ids.set(piece, id);
  }
  return ids;
}

function idOf(ids: ReadonlyMap<string, number>, token: string): number {
  const id = ids.get(token);
  if (id === undefined) {
    throw new MedleyError(
      'checkpoint-invalid',
      `vocab.txt has no ${token}: it is not a BERT vocabulary`,
      { subject: 'vocab.txt' },
    );
  }
  return id;
}

function findOrAdd(pieces: string[], ids: Map<string, number>, token: string): number {
  const found = ids.get(token);
  if (found !== undefined) return found;
  ids.set(token, pieces.length);
  return pieces.push(token) - 1;
}

interface PieceTable {
  readonly ids: ReadonlyMap<string, number>;
  /** In UTF-16 units; nothing longer needs looking up. */
  readonly longestPiece: number;
  readonly unknown: number;
}

function encode(text: string, maxLength: number, table: PieceTable): number[] {
  const encoded: number[] = [];
  for (const word of bertWords(text.slice(0, longestText))) {
    if (encoded.length >= maxLength) break;
    encoded.push(...wordPieces(word, table));
  }
  return encoded.slice(0, Math.max(0, maxLength));
}

/** Longest match first; a word with a part that has no piece is unknown as a whole. */
function wordPieces(word: string, { ids, longestPiece, unknown }: PieceTable): number[] {
  const characters = Array.from(word);
  if (characters.length > longestWord) return [unknown];
  const pieces: number[] = [];
  let start = 0;
  while (start < characters.length) {
    let end = Math.min(characters.length, start + longestPiece);
    let id: number | undefined;
    for (; end > start && id === undefined; end--) {
      const part = characters.slice(start, end).join('');
      id = ids.get(start === 0 ? part : continuation + part);
    }
    if (id === undefined) return [unknown];
    pieces.push(id);
    start = end + 1;
  }
  return pieces;
}

function joinPieces(pieces: readonly string[]): string {
  return pieces
    .map((piece, index) => {
      if (index === 0) return piece;
      return piece.startsWith(continuation) ? piece.slice(continuation.length) : ` ${piece}`;
    })
    .join('');
}

/** Takes out the spaces that tokenizing put around punctuation, as Hugging Face's decoders do. */
function closeUp(text: string): string {
  return text
    .replace(/ ([.?!,])/g, '$1')
    .replaceAll(" ' ", "'")
    .replace(/ (n't|'m|'s|'ve|'re)/g, '$1');
}

/**
 * The form in which BLIP reads captions (`pre_caption` of salesforce/BLIP): lower case, some
 * punctuation and runs of white space to one space. Idempotent; all text given to the model, in
 * training, matching and search, goes through it.
 */
export function normaliseCaption(text: string): string {
  return text
    .toLowerCase()
    .replace(/[.!"()*#:;~]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
