import { formatPercent } from '#shared/format-percent.ts';
import type { Finding } from '#shared/schemas/alt-text.ts';
import type { DoubtfulWord, Judgement, Proposal } from '#shared/schemas/review.ts';

const rule: Pick<Finding, 'rule' | 'wcag' | 'also'> = {
  rule: 'alt.mismatch',
  wcag: ['1.1.1', 'F30'],
  also: [],
};

/** The finding that a text is of another picture, or a word of it; null where the filter does not say so. */
export function mismatchOf(
  text: string,
  { verdict, wrong, word, judged }: Judgement,
  [best]: readonly Proposal[],
): Finding | null {
  if (wrong === null || (verdict !== 'wrong' && verdict !== 'doubtful')) return null;
  if (word !== null) return wordFinding(text, word);
  return {
    ...rule,
    severity: verdict === 'wrong' ? 'error' : 'advice',
    message: `“${judged}” does not seem to be what the picture shows: the chance that it belongs to another one is ${formatPercent(wrong)}.`,
    fix: best === undefined ? null : { kind: 'text', text: best.text },
  };
}

function wordFinding(text: string, { written, likelier }: DoubtfulWord): Finding {
  return {
    ...rule,
    severity: 'advice',
    message: `“${written}” may be wrong: the picture looks more like “${likelier}”.`,
    fix: { kind: 'text', text: withWord(text, written, likelier) },
  };
}

/** The text with a word replaced where it stands first, by one with as many capitals. */
function withWord(text: string, written: string, likelier: string): string {
  const word = new RegExp(String.raw`(?<![\p{L}\p{M}])${written}(?![\p{L}\p{M}])`, 'iu');
  return text.replace(word, (found) => {
    if (found === found.toLowerCase()) return likelier;
    if (found === found.toUpperCase()) return likelier.toUpperCase();
    return likelier[0].toUpperCase() + likelier.slice(1);
  });
}
