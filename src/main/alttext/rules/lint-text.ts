import type { Finding, TextPurpose } from '#shared/schemas/alt-text.ts';
import { allCaps } from './all-caps.ts';
import { decorative } from './decorative.ts';
import { duplicatesAcrossPictures } from './duplicate-across-pictures.ts';
import { duplicatesCaption } from './duplicates-caption.ts';
import { encoding } from './encoding.ts';
import { fileName } from './file-name.ts';
import { language } from './language.ts';
import { tooLong, tooShort } from './length.ts';
import { missing } from './missing.ts';
import { placeholder } from './placeholder.ts';
import { prefix } from './prefix.ts';
import { redundantInContext } from './redundant-in-context.ts';
import { repetition } from './repetition.ts';
import type { Rule, WordsRule } from './rule.ts';
import type { TextInPlace } from './text-in-place.ts';
import { urlInside, urlOnly } from './url.ts';
import { whitespace } from './whitespace.ts';
import { isBlank } from './words.ts';

/** Letters from which a text is only found too long: how it reads is no question any more. */
const LONGEST = 5000;

/** Whether there is a text; where one of them speaks, no other has anything to say. */
const presence: readonly Rule[] = [missing, whitespace, decorative];
/** Whether it is one at all; the first that is broken says enough. */
const substance: readonly WordsRule[] = [placeholder, fileName, urlOnly];
/** How any text about a picture reads. */
const style: readonly WordsRule[] = [repetition, encoding, allCaps, language];
/** What only holds for a text that is read in the place of the picture. */
const altOnly: readonly WordsRule[] = [
  prefix,
  tooShort,
  tooLong,
  duplicatesCaption,
  redundantInContext,
  urlInside,
];
const stylesOf: Record<TextPurpose, readonly WordsRule[]> = {
  alt: [...altOnly, ...style],
  caption: style,
  extended: style,
};

/**
 * What is wrong with a text by itself and in its place. A caption or extended description is only
 * asked what makes sense for it, and keeps nobody out: what is an error in an alternative text is a
 * warning there.
 */
export function lintText(place: TextInPlace): Finding[] {
  const findings = findingsOf(place);
  if (place.purpose === 'alt') return findings;
  return findings.map((each) =>
    each.severity === 'error' ? { ...each, severity: 'warning' } : each,
  );
}

function findingsOf(place: TextInPlace): Finding[] {
  const { text, purpose, context } = place;
  const absent = presence.map((rule) => rule(place)).find((each) => each !== null);
  if (absent) return [absent];
  if (text === null || isBlank(text) || context?.hidden === true) return [];
  if (text.length > LONGEST) return purpose === 'alt' ? toFindings([tooLong], text, place) : [];
  const empty = substance.map((rule) => rule(text, place)).find((each) => each !== null);
  if (empty) return [empty];
  return toFindings(stylesOf[purpose], text, place);
}

function toFindings(rules: readonly WordsRule[], text: string, place: TextInPlace): Finding[] {
  return rules.flatMap((rule) => rule(text, place) ?? []);
}

/**
 * {@link lintText} of many, with what shows only when texts are put beside each other.
 *
 * @returns the findings of each, in the order of `places`
 */
export function lintTexts(places: readonly TextInPlace[]): Finding[][] {
  const duplicates = duplicatesAcrossPictures(places);
  return places.map((place, i) => [...lintText(place), ...(duplicates[i] ? [duplicates[i]] : [])]);
}
