import type { FoundWords, SearchResult, WordField } from '#shared/schemas/search.ts';
import { count } from './quantity.ts';
import { likenessOf, verdictOf } from './verdict.ts';

const fields: Record<WordField, string> = {
  caption: 'Caption',
  title: 'Title',
  alt: 'Alt text',
  keyword: 'Keyword',
  folder: 'Folder',
  file: 'File name',
};

/** Where words were found, or that they are the model's. */
export function fieldWords({ field, byPerson }: Pick<FoundWords, 'field' | 'byPerson'>): string {
  const written = field === 'caption' || field === 'title' || field === 'alt';
  return written && !byPerson ? 'Model says' : fields[field];
}

/** Place of each photo in the order of likeness, the nearest first, by id. */
export function likenessPlaces(
  results: readonly Pick<SearchResult, 'id' | 'itc'>[],
): ReadonlyMap<string, number> {
  const compared = results.flatMap(({ id, itc }) => (itc === null ? [] : [{ id, itc }]));
  const order = compared.toSorted((a, b) => b.itc - a.itc);
  return new Map(order.map(({ id }, i) => [id, i + 1]));
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });

/** `nearest`, `3rd nearest`. */
export function placeWords(place: number): string {
  if (place === 1) return 'nearest';
  const ending = { zero: 'th', one: 'st', two: 'nd', few: 'rd', many: 'th', other: 'th' };
  return `${count(place)}${ending[ordinals.select(place)]} nearest`;
}

/** What is said of a result in whose texts no word was found: of one that does not match, nothing has found it. */
export function wordlessReason({ matches }: Pick<SearchResult, 'matches'>): string {
  return matches === false ? 'None of its words match' : 'Found by its picture alone';
}

/** A stretch of a text, and whether it is what was looked for. */
export interface Stretch {
  readonly text: string;
  readonly found: boolean;
}

/** Letters kept before the first word found, so that it is seen in a narrow place. */
const before = 10;

/** The text with what was found in it set apart, beginning shortly before that. */
export function stretchesOf({ text, ranges }: Pick<FoundWords, 'text' | 'ranges'>): Stretch[] {
  const first = ranges[0]?.[0] ?? 0;
  // At a space, so that no word is cut.
  const cut = first <= before ? 0 : text.indexOf(' ', first - before) + 1;
  const start = cut > first ? first : cut;
  const stretches: Stretch[] = start > 0 ? [{ text: '… ', found: false }] : [];
  let at = start;
  for (const [from, to] of ranges) {
    if (from > at) stretches.push({ text: text.slice(at, from), found: false });
    stretches.push({ text: text.slice(Math.max(at, from), to), found: true });
    at = Math.max(at, to);
  }
  if (at < text.length) stretches.push({ text: text.slice(at), found: false });
  return stretches;
}

/** Texts of a photo that are shown under it; there is room for no more. */
export const shownTexts = 2;

/** Lines of words that the results need under their pictures. */
export function wordLines(results: readonly SearchResult[], alike: boolean): number {
  if (alike) return 1;
  if (results.every(({ itc, words }) => itc === null && words.length === 0)) return 0;
  const texts = Math.max(1, ...results.map(({ words }) => words.length));
  return 1 + Math.min(shownTexts, texts);
}

/** A result as a screen reader says it: what it shows, how well it fits and where its words were found. */
export function resultName(result: SearchResult, line: number | null, alike: boolean): string {
  const { caption, fileName, itm, itc, words } = result;
  return [
    caption?.text ?? fileName,
    ...(itm === null ? [] : [verdictOf(itm, line).word]),
    ...(alike && itc !== null ? [likenessOf(itc)] : []),
    ...words.slice(0, shownTexts).map((found) => `${fieldWords(found)}: ${found.text}`),
  ].join(', ');
}
