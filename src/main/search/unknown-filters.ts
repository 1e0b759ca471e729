import { filterFields, type FilterField, type QueryPart } from '#shared/query/query.ts';
import type { SearchNote } from '#shared/schemas/search.ts';

/** A word as a filter is written, `colour:red`: a name of letters, and a value that begins no address. */
const asFilter = /^(\p{L}{2,20}):(?!\/\/)\S/u;

/** Names that are told of, at most: what was pasted may hold many. */
const mostNamed = 3;

/** What people call a filter elsewhere, by the name that it has here. */
const otherNames: Readonly<Record<string, FilterField>> = {
  ...{ tag: 'keyword', tags: 'keyword', label: 'keyword' },
  ...{ year: 'date', month: 'date', day: 'date', taken: 'date' },
  ...{ path: 'folder', album: 'folder', directory: 'folder' },
  ...{ make: 'camera', model: 'camera' },
};

/** Tells of words that are written as filters that there are not; null where there are none. */
export function unknownFilters(parts: readonly QueryPart[]): SearchNote | null {
  const written = parts.flatMap((part) =>
    part.kind === 'text' || (part.kind === 'excluded' && !part.exact) ? part.text.split(' ') : [],
  );
  const words = [...new Set(written.filter((word) => asFilter.test(word)))].slice(0, mostNamed);
  if (words.length === 0) return null;
  const names = [...new Set(words.map((word) => word.replace(/:.*$/u, '')))];
  const no = listed(names.map(quoted), 'or');
  const read = names.length === 1 ? 'it was read' : 'they were read';
  const near = [...new Set(names.flatMap((name) => nearest(name.toLowerCase()) ?? []))];
  const all = `The filters are ${listed(filterFields, 'and')}.`;
  const hint = near.length === 0 ? all : `Did you mean ${listed(near.map(quoted), 'or')}?`;
  return {
    kind: 'unknown-filter',
    words,
    text: `There is no filter ${no}, so ${read} as ordinary words. ${hint}`,
  };
}

function quoted(name: string): string {
  return `“${name}:”`;
}

function listed(names: readonly string[], joined: string): string {
  const [last, ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} ${joined} ${last}`;
}

/** The filter that a name is a misspelling of, or another word for; null where it is none. */
function nearest(name: string): FilterField | null {
  if (Object.hasOwn(otherNames, name)) return otherNames[name];
  const near = (field: FilterField) => edits(name, field) <= (field.length > 4 ? 2 : 1);
  return filterFields.filter(({ length }) => length > 3).find(near) ?? null;
}

/** Letters to put in, take out or replace to make one word of another (Levenshtein 1966). */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = row[j] + (other[j] === letter ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[other.length];
}
