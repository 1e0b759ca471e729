import type { Finding } from '#shared/schemas/alt-text.ts';
import type { Judgement, Proposal } from '#shared/schemas/review.ts';

/** The finding that a text is of another picture; null where the filter does not say so. */
export function mismatchOf(
  { verdict, wrong, judged }: Judgement,
  [best]: readonly Proposal[],
): Finding | null {
  if (wrong === null || (verdict !== 'wrong' && verdict !== 'doubtful')) return null;
  const chance = `${Math.round(wrong * 100)} %`;
  return {
    rule: 'alt.mismatch',
    wcag: ['1.1.1', 'F30'],
    also: [],
    severity: verdict === 'wrong' ? 'error' : 'advice',
    message: `“${judged}” does not seem to be what the picture shows: the chance that it belongs to another one is ${chance}.`,
    fix: best === undefined ? null : { kind: 'text', text: best.text },
  };
}
