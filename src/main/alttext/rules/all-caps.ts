import { found, type WordsRule } from './rule.ts';
import { capitalised, wordsOf } from './words.ts';

/** Words and capitals that make more than a sign or an abbreviation. */
const ENOUGH_WORDS = 3;
const ENOUGH_CAPITALS = 12;

/** The text is in capitals, which some screen readers spell. */
export const allCaps: WordsRule = (text) => {
  if (/\p{Ll}/u.test(text) || wordsOf(text).length < ENOUGH_WORDS) return null;
  if ((text.match(/\p{Lu}/gu)?.length ?? 0) < ENOUGH_CAPITALS) return null;
  return found(
    { rule: 'alt.allCaps', severity: 'warning', wcag: ['1.1.1', 'G94'], also: [] },
    'The text is in capitals, which some screen readers spell letter by letter.',
    { kind: 'text', text: capitalised(text.trim().toLocaleLowerCase('en')) },
  );
};
