import type { Finding, Fix } from '#shared/schemas/alt-text.ts';
import type { TextInPlace } from './text-in-place.ts';

/** Looks at a text by itself; null where nothing is wrong with it. */
export type Rule = (place: TextInPlace) => Finding | null;

/** Looks at a text that is there and says something. */
export type WordsRule = (text: string, place: TextInPlace) => Finding | null;

/** A finding of a rule, whose facts are the same wherever it is broken. */
export function found(
  facts: Pick<Finding, 'rule' | 'wcag' | 'also' | 'severity'>,
  message: string,
  fix: Fix | null = null,
): Finding {
  return { ...facts, message, fix };
}
