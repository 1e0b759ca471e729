import { completableAt } from '#shared/query/complete.ts';
import { quoteIfNeeded } from '#shared/query/filters.ts';
import { filterFields } from '#shared/query/query.ts';
import type { Completions } from '#shared/schemas/search.ts';
import type { Store } from '#main/store/store.ts';
import { fold } from '#main/store/words/terms.ts';
import { countValues, type ValueCounts } from '#main/store/words/value-counts.ts';

/** Completions offered at once. */
const mostOffered = 12;

/** Completes queries from what the photos of a library have. What was counted is kept until that changes. */
export function completer(store: Store): (text: string, at: number) => Promise<Completions> {
  let counted: { readonly version: number; readonly counts: Promise<ValueCounts> } | null = null;

  async function counts(): Promise<ValueCounts | null> {
    const words = await store.words.table();
    if (words === null) return null;
    const { version } = store.words;
    if (counted?.version !== version) counted = { version, counts: countValues(words) };
    return await counted.counts;
  }

  return async (text, at) => {
    const place = completableAt(text, at);
    if (place === null) return { start: at, end: at, items: [] };
    const { field, typed, from: start, to: end } = place;
    const looked = fold(typed);
    if (field === null) {
      const names = filterFields.filter((name) => name.startsWith(looked));
      const items = names.map((name) => ({ text: `${name}:`, label: name, count: null }));
      return { start, end, items };
    }
    const values = [...((await counts())?.[field] ?? [])];
    // A folder is also known by its own name, and a camera by its model.
    const rankOf = (value: string) => {
      const found = fold(value);
      if (found.startsWith(looked)) return 0;
      return [' ', '/'].some((before) => found.includes(before + looked)) ? 1 : null;
    };
    const items = values
      .flatMap(([value, count]) => {
        const rank = rankOf(value);
        return rank === null ? [] : [{ value, count, rank }];
      })
      .sort(
        (a, b) => a.rank - b.rank || b.count - a.count || (fold(a.value) < fold(b.value) ? -1 : 1),
      )
      .slice(0, mostOffered)
      .map(({ value, count }) => ({ text: quoteIfNeeded(value), label: value, count }));
    return { start, end, items };
  };
}
