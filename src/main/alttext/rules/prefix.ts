import type { Finding } from '#shared/schemas/alt-text.ts';
import { found, type WordsRule } from './rule.ts';
import { capitalised, wordsOf } from './words.ts';

const kind = '(?:image|picture|photo|photograph|pic|graphic|snapshot)';
const article = '(?:an?|the|this)';
/** What praises a picture and says nothing of it, as in "a beautiful photo of". */
const manner = '(?:(?:stock|nice|beautiful|great)\\s+)';

/** What may be taken off the beginning of a text without loss. */
const beginnings = [
  `(?:${article}\\s+)?${manner}?${kind}s?\\s+(?:of|showing|depicting|which shows|that shows)\\s+`,
  `(?:${article}\\s+)?${kind}\\s+(?:shows|depicts)\\s+`,
  `(?:${kind}|alt(?:ernative)?[ -]?text|alt|caption|description)\\s*:\\s+`,
  `(?:this|here|it)\\s+(?:is|are)\\s+(?=(?:an?|the|my|our|his|her|their|its|some|two|three|four|five)\\s)`,
  `(?:this|here)['’]s\\s+(?=(?:an?|the|my|our)\\s)`,
].map((pattern) => new RegExp(`^${pattern}`, 'i'));

/** "Photo of the year" is a prize. */
const kept =
  /^(?:the\s+)?(?:photo|picture|image|pic)\s+of\s+(?:the\s+(?:year|month|week|day)|dorian gray|health)\b/i;
/** As in "sunset image": WAVE asks about it. */
const ending =
  /(?<!\b(?:an?|the|this|that|its|his|her|their|my|your|mirror|x-ray|ultrasound)\s)\b(?:image|graphic)[.!]?$/i;

const facts: Pick<Finding, 'rule' | 'wcag' | 'also'> = {
  rule: 'alt.prefix',
  wcag: ['1.1.1', 'H37'],
  also: ['wave:alt_suspicious', 'jsx-a11y:img-redundant-alt', 'biome:noRedundantAlt'],
};

/** The text says that it is of a picture, which screen readers say anyway. */
export const prefix: WordsRule = (text, { context }) => {
  const plain = text.trim();
  const rest = withoutBeginning(plain);
  if (rest !== plain) {
    return found(
      { ...facts, severity: 'warning' },
      `Screen readers say themselves that it is a picture; “${plain.slice(0, plain.length - rest.length).trim()}” can go.`,
      { kind: 'text', text: capitalised(rest) },
    );
  }
  if (context?.functional === true || !ending.test(plain) || wordsOf(plain).length < 2) return null;
  return found(
    { ...facts, severity: 'advice' },
    'The text ends by saying that it is of a picture, which screen readers say themselves.',
  );
};

/** What is left where the beginning is taken off, as often as it can be; the text itself where nothing would be. */
function withoutBeginning(text: string): string {
  if (kept.test(text)) return text;
  for (const beginning of beginnings) {
    const rest = text.replace(beginning, '');
    if (rest !== text && wordsOf(rest).length > 0) return withoutBeginning(rest);
  }
  return text;
}
