import { isFunctionForm, isVisibleForm, wordPattern } from '#main/med/text/english-words.ts';

/** A word of a text. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** In lower case, without the `'s` of a possessive. */
  readonly form: string;
  /** Begins with a capital letter. */
  readonly isCapital: boolean;
  /** No sentence begins with it. */
  readonly isInside: boolean;
}

const sentenceEnd = /[.!?:\n]/;

/** Words for an occasion or for the picture itself, of which a picture may show anything. */
const occasions = new Set(
  `trip trips holiday holidays vacation visit visiting weekend honeymoon anniversary reunion birthday memories
  memory day days week month year years time picture photo image photograph shot photos pictures img dsc untitled
  family's old new last first my our edit copy scan favourite favorite`.split(/\s+/),
);

export function wordsOf(text: string): Word[] {
  const isShouted = !/\p{Ll}/u.test(text);
  let before = 0;
  return Array.from(text.matchAll(wordPattern), ({ 0: written, index: start }) => {
    const isInside = before > 0 && !sentenceEnd.test(text.slice(before, start));
    before = start + written.length;
    return {
      start,
      end: before,
      form: written.toLowerCase().replace(/['’]s$/, ''),
      isCapital: !isShouted && /^\p{Lu}/u.test(written),
      isInside,
    };
  });
}

export function isFunctionWord({ form }: Word): boolean {
  return isFunctionForm(form);
}

/** Whether people use a word, in some form of it, of what pictures show. */
export function isVisible({ form }: Word): boolean {
  return isVisibleForm(form);
}

/** Whether a word says something that a picture could show or not. */
export function saysSomething(each: Word): boolean {
  return isVisible(each) && !isFunctionWord(each) && !occasions.has(each.form);
}
