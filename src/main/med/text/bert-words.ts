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

function clean(text: string): string {
  let cleaned = '';
  for (const character of text) {
    if (character === '\t' || character === '\n' || character === '\r') cleaned += ' ';
    else if (character === '\u{fffd}' || control.test(character)) continue;
    else if (whitespace.test(character)) cleaned += ' ';
    else if (isCjk(character)) cleaned += ` ${character} `;
    else cleaned += character;
  }
  return cleaned;
}

/** Lower-cases one character at a time, so that no rule looks at its neighbours (final sigma). */
function lowerCase(text: string): string {
  return Array.from(text, (character) => character.toLowerCase()).join('');
}

/**
 * Splits a text into the words and single punctuation marks that WordPiece then cuts, as the
 * uncased BERT does: control characters dropped, CJK characters set apart, accents stripped,
 * lower-cased. Follows `BertNormalizer` and `BertPreTokenizer` of Hugging Face tokenizers.
 */
export function bertWords(text: string): string[] {
  const normalised = lowerCase(clean(text).normalize('NFD').replace(nonspacingMarks, ''));
  const words: string[] = [];
  let word = '';
  const endWord = () => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (const character of normalised) {
    if (whitespace.test(character)) {
      endWord();
    } else if (punctuation.test(character)) {
      endWord();
      words.push(character);
    } else {
      word += character;
    }
  }
  endWord();
  return words;
}
