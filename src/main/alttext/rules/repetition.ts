import { found, type WordsRule } from './rule.ts';
import { wordsOf, type Word } from './words.ts';

/** Words of the longest loop that is looked for. */
const LONGEST = 12;
/** A loop that breaks off ends in the middle of what joins its parts. */
const loose = /[\s,;:]*(?:\s(?:and|or|with|of|in|on|at|to|a|an|the|by|next|near)\b[\s,;:]*)+$/i;

interface Loop {
  /** Index of the first word that was there before. */
  readonly from: number;
  /** Index after the last. */
  readonly to: number;
}

/** The text goes round in circles, as what a captioner writes that is stuck. */
export const repetition: WordsRule = (text) => {
  const fixed = withoutLoops(text);
  if (fixed === null) return null;
  return found(
    { rule: 'alt.repetition', severity: 'warning', wcag: ['1.1.1', 'F30'], also: [] },
    'The text says the same words again and again, as programs do that are stuck.',
    { kind: 'text', text: fixed },
  );
};

function withoutLoops(text: string): string | null {
  const words = wordsOf(text);
  const loop = firstLoop(words);
  if (loop === null) return null;
  const rest = text.slice(words[loop.to - 1]?.end);
  const start = text.slice(0, words[loop.from - 1]?.end);
  const fixed = (/[\p{L}\p{N}]/u.test(rest) ? start : start.replace(loose, '')) + rest;
  return withoutLoops(fixed) ?? fixed;
}

function firstLoop(words: readonly Word[]): Loop | null {
  for (let start = 0; start < words.length; start += 1) {
    for (let period = 1; period <= LONGEST; period += 1) {
      const length = periodic(words, start, period);
      if (length >= enough(period) && !isCount(words[start])) {
        return { from: start + period, to: start + length };
      }
    }
  }
  return null;
}

/** How many words from `start` on are the same as `period` words before. */
function periodic(words: readonly Word[], start: number, period: number): number {
  let at = start + period;
  while (at < words.length && words[at]?.word === words[at - period]?.word) at += 1;
  return at - start;
}

/** How many words make a loop: people say "very very", and "side by side by side". */
function enough(period: number): number {
  if (period === 1) return 4;
  if (period === 2) return 6;
  return period === 3 ? 8 : 2 * period;
}

function isCount(word: Word | undefined): boolean {
  return /^[\p{N}.,]+$/u.test(word?.word ?? '');
}
