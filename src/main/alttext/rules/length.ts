import { found, type WordsRule } from './rule.ts';
import { wordsOf } from './words.ts';

/** Letters, as the IPTC advises for alternative text. */
const GOOD_LENGTH = 125;
/** Letters, which the IPTC says not to exceed. */
const MOST_LENGTH = 250;
/** Letters below which hardly a picture is described; scripts of syllables and words need half. */
const LEAST_LENGTH = 12;
/** Letters of a text that is left when one is cut. */
const LEAST_CUT = 40;

const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const emoji = /^(?:\p{RGI_Emoji}|\s)+$/v;
/** Where sentences and clauses end, before the space. */
const sentenceEnd = /[.!?](?=\s)|[。！？]/gu;
const clauseEnd = /(?=[,;:]\s)|(?=\s[–—-]\s)/gu;

/** The text is a word, or little more. Names of links, buttons and icons may be. */
export const tooShort: WordsRule = (text, { context }) => {
  if (context !== null && mayBeShort(context.element, context.functional)) return null;
  if (context?.emoji === true || emoji.test(text)) return null;
  const words = wordsOf(text).length;
  const length = [...text.trim()].length + (text.match(dense)?.length ?? 0);
  if (length >= LEAST_LENGTH && words > 1) return null;
  return found(
    {
      rule: 'alt.tooShort',
      severity: words > 1 ? 'advice' : 'warning',
      wcag: ['1.1.1', 'G94'],
      also: ['dubbot:alt-length', 'act:qt1vmo'],
    },
    words > 1
      ? 'The text is very short: does it say what a person would miss who cannot see the picture?'
      : 'One word hardly says what a person would miss who cannot see the picture.',
  );
};

function mayBeShort(element: string, functional: boolean): boolean {
  return functional || ['input', 'area', 'svg', 'role-img'].includes(element);
}

/** The text is longer than people want to hear at once, without a way to stop and go back. */
export const tooLong: WordsRule = (text, { context }) => {
  const plain = text.trim();
  const { length } = [...plain];
  if (length <= GOOD_LENGTH) return null;
  const most = length > MOST_LENGTH ? MOST_LENGTH : GOOD_LENGTH;
  const short = beginningOf(plain);
  return found(
    {
      rule: 'alt.tooLong',
      severity: length > MOST_LENGTH ? 'error' : 'warning',
      wcag: ['1.1.1', 'G94', 'G95'],
      also: ['wave:alt_long', 'iptc:alt-text'],
    },
    `The text has ${length} letters, more than ${most}: say the most important in short, and the rest ${context === null ? 'in the extended description' : 'in the text of the page'}.`,
    // A page has no other place for the rest that only a program could choose.
    context !== null || short === null ? null : { kind: 'extend', text: short, extended: plain },
  );
};

/** The sentences that fit, else the clauses; null where the first of them does not. */
function beginningOf(text: string): string | null {
  const sentences = lastBefore(text, sentenceEnd);
  if (sentences !== null) return sentences;
  const clauses = lastBefore(text, clauseEnd);
  return clauses === null ? null : `${clauses}.`;
}

function lastBefore(text: string, ends: RegExp): string | null {
  let last: string | null = null;
  for (const { index, 0: mark } of text.matchAll(ends)) {
    const part = text.slice(0, index + mark.length);
    const { length } = [...part];
    // The full stop that a clause gets counts too.
    if (length < GOOD_LENGTH && length >= LEAST_CUT) last = part;
  }
  return last;
}
