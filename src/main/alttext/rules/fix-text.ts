import type { AltRule } from '#shared/schemas/alt-text.ts';
import { lintText } from './lint-text.ts';
import type { TextInPlace } from './text-in-place.ts';

/** A text after what could be mended without a person. */
export interface FixedText {
  /** Empty where the picture says nothing. */
  readonly text: string;
  /** Where what was too long for alternative text goes; null where nothing was. */
  readonly extended: string | null;
  /** Rules that were broken and no longer are. */
  readonly rules: readonly AltRule[];
}

/** Mends a text as far as rules can, one rule after the other; null where they cannot. */
export function fixText(place: TextInPlace): FixedText | null {
  const mended = new Set<AltRule>();
  let current = place;
  let extended: string | null = null;
  for (;;) {
    const next = lintText(current).find(({ fix, rule }) => fix !== null && !mended.has(rule));
    if (!next?.fix) break;
    mended.add(next.rule);
    if (next.fix.kind === 'extend') extended = next.fix.extended;
    current = { ...current, text: next.fix.kind === 'decorative' ? '' : next.fix.text };
  }
  if (mended.size === 0) return null;
  return { text: current.text ?? '', extended, rules: [...mended] };
}
