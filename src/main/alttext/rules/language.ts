import { eld } from 'eld/small';
import { found, type WordsRule } from './rule.ts';
import { wordsOf } from './words.ts';

/** Words and letters from which a language can be told; shorter texts are names as often as not. */
const ENOUGH_WORDS = 6;
const ENOUGH_LETTERS = 30;
/** How likely the language that is expected may be beside the likeliest. */
const LIKELY_ENOUGH = 0.7;

/** The text is in another language than what is around it, and is read out as if it were in that. */
export const language: WordsRule = (text, { language: expected }) => {
  if (expected === null || text.length < ENOUGH_LETTERS) return null;
  if (wordsOf(text).length < ENOUGH_WORDS) return null;
  const wanted = primary(expected);
  const spoken = otherLanguage(text, wanted);
  if (spoken === null) return null;
  const name = new Intl.DisplayNames(['en'], { type: 'language' });
  return found(
    { rule: 'alt.language', severity: 'advice', wcag: ['3.1.2', 'H58'], also: [] },
    `The text seems to be in ${name.of(spoken)}, where ${name.of(wanted)} is expected.`,
  );
};

function primary(tag: string): string {
  const [language = ''] = tag.toLowerCase().split(/[-_]/);
  return ['nb', 'nn'].includes(language) ? 'no' : language;
}

/** Null where the text may be in the one that is wanted, or nobody can tell. */
function otherLanguage(text: string, wanted: string): string | null {
  const heard = eld.detect(text);
  const scores = heard.getScores();
  const best = scores[heard.language];
  if (best === undefined || !known.has(wanted) || !heard.isReliable()) return null;
  return (scores[wanted] ?? 0) < LIKELY_ENOUGH * best ? heard.language : null;
}

const known = new Set(Object.values(eld.info().Languages));
