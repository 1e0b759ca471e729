import { stemOf } from './stem.ts';

/**
 * Moves when texts come apart otherwise than before: what was indexed by an earlier one is indexed again.
 */
export const analysisVersion = 1;

/** A word of a text, as it is searched for. */
export interface Word {
  /** Where it stands: start and end in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** In lower case, without accents. */
  readonly exact: string;
  /** The same without its English ending. */
  readonly stem: string;
}

/** Letters of scripts that put no space between words, or, as Korean, write endings to them. */
const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30fc\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
const unspacedRun = new RegExp(`[${unspaced}]+`, 'gu');
/** What a letter carries, the marks of half-width kana too. */
const marks = '[\\p{M}\\uff9e\\uff9f]*';
const isUnspaced = new RegExp(`^[${unspaced}]`, 'u');
const wordRun = new RegExp(
  `[${unspaced}]${marks}|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+(?:['’](?:(?![${unspaced}])\\p{L})+)*`,
  'gu',
);

/** Letters that no normal form takes apart. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** A text in lower case, without the accents of Latin and Greek letters, vowel points and wide forms. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/(?<=[\p{sc=Latin}\p{sc=Greek}]\p{M}*)\p{M}|[\u0591-\u05c7\u064b-\u065f\u0670]/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøđðþłı]/g, (letter) => spelled[letter]);
}

/**
 * The words of a text in order. Where a script puts no spaces, each letter is one: words of it are found as the
 * letters that stand side by side.
 */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(wordRun), ({ 0: found, index }) => {
    // What an apostrophe adds to a name is no part of it.
    const exact = fold(found)
      .replace(/['’]s$/, '')
      .replaceAll(/['’]/g, '');
    return { start: index, end: index + found.length, exact, stem: stemOf(exact) };
  });
}

/** Whether a word is one letter of a script without spaces. */
export function isLetterOfUnspaced({ exact }: Word): boolean {
  return isUnspaced.test(exact);
}

/** The parts of a text in scripts without spaces, word by word as a dictionary has them. */
export function unspacedWords(text: string): string[] {
  const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
  return Array.from(text.normalize('NFKC').matchAll(unspacedRun), ([run]) => run).flatMap((run) =>
    Array.from(segmenter.segment(run), ({ segment }) => segment),
  );
}

/** Words that say nothing of what is looked for. */
const fillers = new Set(
  `a an the of in on at to with and or for from by as is are was were be being been it its this that these those
  there his her their my our your he she they we i you some any all photo photos photograph photographs picture
  pictures pic pics image images`.split(/\s+/),
);

/** The words of a search that say something; all of them where none does. */
export interface SearchedWords {
  /** Of scripts with spaces between words. */
  readonly spaced: readonly Word[];
  /** Of the others, each the letters that stand side by side. */
  readonly unspaced: readonly (readonly string[])[];
}

export function searchedWords(text: string): SearchedWords {
  const spaced = wordsOf(text).filter((word) => !isLetterOfUnspaced(word));
  const telling = spaced.filter(({ exact }) => !fillers.has(exact));
  const runs = unspacedWords(text).map((run) => wordsOf(run).map(({ exact }) => exact));
  // One syllable of Japanese is a particle, where longer words stand beside it.
  const longer = runs.filter((letters) => !/^\p{sc=Hiragana}$/u.test(letters.join('')));
  const unspaced = longer.length > 0 ? longer : runs;
  return { spaced: telling.length > 0 || unspaced.length > 0 ? telling : spaced, unspaced };
}
