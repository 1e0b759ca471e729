import { found, type WordsRule } from './rule.ts';
import { withoutEntities } from './repair/entities.ts';
import { withoutMarks } from './repair/marks.ts';
import { withoutMojibake } from './repair/mojibake.ts';
import { withoutEmojiRuns } from './repair/emoji-runs.ts';
import { wordsOf } from './words.ts';

interface Repair {
  readonly what: string;
  /** The text without the fault; the same text where there is none. */
  readonly mend: (text: string) => string;
}

const repairs: readonly Repair[] = [
  { what: 'character references as “&amp;”', mend: withoutEntities },
  { what: 'letters in a wrong character set', mend: withoutMojibake },
  { what: 'marks of HTML or Markdown', mend: withoutMarks },
  { what: 'rows of emoji, each of which is read by its name', mend: withoutEmojiRuns },

  { what: 'control characters', mend: withoutControls },
];

function withoutControls(text: string): string {
  return text.replace(/(?![\t\n\f\r])\p{Cc}+/gu, ' ');
}

/** The text holds what was meant for programs and not for people. */
export const encoding: WordsRule = (text, { context }) => {
  if (context?.emoji === true) return null;
  const lost = text.includes('\ufffd');
  const faults = repairs.filter(({ mend }) => mend(text) !== text).map(({ what }) => what);
  if (faults.length === 0 && !lost) return null;
  const fixed = mended(text);
  return found(
    {
      rule: 'alt.encoding',
      severity: 'warning',
      wcag: ['1.1.1', 'F30'],
      also: ['dubbot:unwanted-characters'],
    },
    lost
      ? 'Letters of the text were lost in a wrong character set; it has to be written again.'
      : `The text holds ${faults.join(', ')}.`,
    lost || wordsOf(fixed).length === 0 ? null : { kind: 'text', text: fixed },
  );
};

/** One repair can bring another fault to light, as `&lt;b&gt;`. Each makes the text shorter, so that it ends. */
function mended(text: string): string {
  const once = repairs.reduce((each, { mend }) => mend(each), text);
  return once === text ? text : mended(once);
}
