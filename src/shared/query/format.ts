import { isDescription } from './attribute.ts';
import { formatFilter, quote } from './filters.ts';
import { meaningOf, parseQuery } from './parse.ts';
import type { Excluded, QueryMeaning, QueryPart } from './query.ts';

/** A text that asks for just this, and that `parseQuery` reads so. */
export function formatQuery({ sentence, phrases, excluded, filters }: QueryMeaning): string {
  return [
    sentence,
    ...phrases.map(quote),
    ...filters.map(formatFilter),
    ...excluded.map(formatExcluded),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function formatExcluded({ text, exact }: Excluded): string {
  if (exact) return `-${quote(text)}`;
  const isWord = /^[\p{L}\p{N}][\p{L}\p{N}'’-]*$/u.test(text);
  // `-black` would be read of what the sentence names.
  return isWord && !isDescription([text]) ? `-${text}` : `-(${text})`;
}

/** A part that can be taken out by itself: all but the words left over. */
export type RemovablePart = Exclude<QueryPart, { kind: 'text' }>;

/** The text without one of its parts: as it was written where that says the rest, else written anew. */
export function removePart(text: string, part: RemovablePart): string {
  const before = text.slice(0, part.from).trimEnd();
  const after = text.slice(part.to).trimStart();
  const rest = [before, after].filter((each) => each !== '').join(' ');
  const { parts } = parseQuery(text);
  const wanted = formatQuery(
    meaningOf(parts.filter(({ from, to }) => from !== part.from || to !== part.to)),
  );
  return formatQuery(parseQuery(rest)) === wanted ? rest : wanted;
}
