const control = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;
const whitespace = /\p{White_Space}/u;
const nonspacingMarks = /\p{Mn}/gu;
// BERT counts every ASCII symbol as punctuation, also those Unicode does not ($ + < = > ^ ` | ~).
const punctuation = /[!-/:-@[-`{-~\p{P}]/u;

/** The CJK blocks of BERT's `_is_chinese_char`, first and last code point. */
const cjkBlocks: readonly (readonly [number, number])[] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0x2f800, 0x2fa1f],
];

function isCjk(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return cjkBlocks.some(([first, last]) => point >= first && point <= last);
}

/** What BERT makes of one character before words are cut: spaces, letters, or nothing. */
function normalised(character: string): string {
  if (character === '\t' || character === '\n' || character === '\r') return ' ';
  if (character === '\u{fffd}' || control.test(character)) return '';
  if (whitespace.test(character)) return ' ';
  const bare = character.normalize('NFD').replace(nonspacingMarks, '');
  // Each character by itself, so that no rule looks at its neighbours (final sigma).
  const lower = Array.from(bare, (part) => part.toLowerCase()).join('');
  return isCjk(character) ? ` ${lower} ` : lower;
}

/**
 * Splits a text into the words and single punctuation marks that WordPiece then cuts, as the
 * uncased BERT does: control characters dropped, CJK characters set apart, accents stripped,
 * lower-cased. Follows `BertNormalizer` and `BertPreTokenizer` of Hugging Face tokenizers.
 *
 * Words come one at a time, for whoever asks for a few of a long text. Characters are decomposed one
 * at a time, as sorting a run of combining marks takes time with the square of its length. So the
 * marks that stay (spacing ones, of which only musical symbols and Hangul tones are ever sorted) keep
 * the order they are written in.
 */
export function* bertWords(text: string): Generator<string, void, undefined> {
  let word = '';
  for (const written of text) {
    for (const character of normalised(written)) {
      const isSpace = whitespace.test(character);
      if (!isSpace && !punctuation.test(character)) {
        word += character;
        continue;
      }
      if (word !== '') yield word;
      word = '';
      if (!isSpace) yield character;
    }
  }
  if (word !== '') yield word;
}
