import { isFunctionWord, isVisible, wordsOf } from '../unseen/words.ts';

/** Words that no text ends with. */
const leading = new Set(
  `a an the and or but of with at from for in into onto as is are was were has have his its their our my your that
  which who while`.split(/\s+/),
);

/** Whether a text has an end: a captioner breaks off where its texts become too long. */
export function isWhole(text: string): boolean {
  const last = wordsOf(text).at(-1);
  return last !== undefined && !leading.has(last.form);
}

/** Whether a sampled text is whole and all of its words are words: some are put together of pieces at random. */
export function isReadable(text: string): boolean {
  const words = wordsOf(text);
  return isWhole(text) && words.every((word) => isVisible(word) || isFunctionWord(word));
}
