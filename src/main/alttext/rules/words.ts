const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** A word with where it begins and ends in its text. */
export interface Word {
  /** In lower case, composed. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a text, without punctuation and spaces, in any script. */
export function wordsOf(text: string): Word[] {
  return [...segmenter.segment(text)]
    .filter(({ isWordLike }) => isWordLike === true)
    .map(({ segment, index }) => ({
      word: segment.normalize('NFC').toLowerCase(),
      start: index,
      end: index + segment.length,
    }));
}

/** What two texts share that differ only in case, punctuation and spaces. */
export function normalised(text: string): string {
  return wordsOf(text)
    .map(({ word }) => word)
    .join(' ');
}

/** Whether two texts say the same in the same words; texts without words never do. */
export function sameWords(one: string, other: string): boolean {
  const words = normalised(one);
  return words !== '' && words === normalised(other);
}

/** The text with its first letter as a capital. */
export function capitalised(text: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase('en') + text.slice(first.length);
}

/** Whether a text has nothing to be read: white space, and what has no width. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}\u115f\u1160\u3164]*$/u.test(text);
}
