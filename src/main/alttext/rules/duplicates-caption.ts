import { found, type WordsRule } from './rule.ts';
import { sameWords, wordsOf } from './words.ts';

/** Share of the words of both texts that they have in common. */
const OVERLAP = 0.8;
/** Words from which an overlap says something. */
const ENOUGH_WORDS = 5;

/** Who cannot see the picture hears the caption twice, and nothing of what it shows. */
export const duplicatesCaption: WordsRule = (text, { caption }) => {
  if (caption === null || !(sameWords(text, caption) || overlaps(text, caption))) return null;
  return found(
    {
      rule: 'alt.duplicatesCaption',
      severity: 'warning',
      wcag: ['1.1.1', 'G94'],
      also: ['wave:alt_redundant'],
    },
    'The text says the same as the caption, which is then heard twice; say what is to be seen.',
  );
};

function overlaps(text: string, caption: string): boolean {
  const one = new Set(wordsOf(text).map(({ word }) => word));
  const other = new Set(wordsOf(caption).map(({ word }) => word));
  if (Math.min(one.size, other.size) < ENOUGH_WORDS) return false;
  const common = [...one].filter((word) => other.has(word)).length;
  return common / (one.size + other.size - common) >= OVERLAP;
}
