import type { Filter } from '#shared/query/query.ts';
import { BooleanQuery, MatchQuery, Occur, PhraseQuery, type FullTextQuery } from '../lancedb.ts';
import { sqlIn } from '../sql-text.ts';
import type { StoredTable } from '../stored-table.ts';
import type { PhotoText, WordRow } from '../tables/words.ts';
import { filterSql } from './filter-sql.ts';
import { searchedWords, wordsOf } from './terms.ts';

/** What must hold of every photo that is found. */
export interface WordConditions {
  readonly filters: readonly Filter[];
  /** Words that must stand side by side in a text of it. */
  readonly phrases: readonly string[];
  /** Words that must not. */
  readonly without: readonly string[];
}

/** The table of words, as it is searched. */
export type Words = StoredTable<WordRow>;

/** More than there are photos. */
const all = 2 ** 30;

/** The photos that conditions hold of; null where there are none, so that they hold of all. */
export async function photosAmong(
  words: Words,
  { filters, phrases, without }: WordConditions,
): Promise<ReadonlySet<string> | null> {
  const required = phrases.flatMap((text) => phraseQuery(text) ?? []);
  const refused = without.flatMap((text) => phraseQuery(text) ?? []);
  const where = filterSql(filters);
  if (required.length === 0 && refused.length === 0 && where === null) return null;
  const found =
    required.length === 0
      ? await words.where(where ?? 'true', ['assetId'])
      : await words.search(both(required), all, ['assetId'], where);
  const ids = new Set(found.map(({ assetId }) => assetId));
  for (const phrase of refused) {
    for (const { assetId } of await words.search(phrase, all, ['assetId'], where)) {
      ids.delete(assetId);
    }
  }
  return ids;
}

/**
 * The `limit` photos in whose texts words of `text` stand that conditions hold of, those with the most and the
 * rarest first (BM25).
 */
export async function photosByWords(
  words: Words,
  text: string,
  { filters, phrases, without }: WordConditions,
  limit: number,
): Promise<string[]> {
  const any = anyWordQuery(text);
  if (any === null) return [];
  const clauses: [Occur, FullTextQuery][] = [
    [Occur.Must, any],
    ...phrases.flatMap((each): [Occur, FullTextQuery][] => clause(Occur.Must, each)),
    ...without.flatMap((each): [Occur, FullTextQuery][] => clause(Occur.MustNot, each)),
  ];
  const query = clauses.length === 1 ? any : new BooleanQuery(clauses);
  const found = await words.search(query, limit, ['assetId'], filterSql(filters));
  return found
    .toSorted((a, b) => b.score - a.score || (a.assetId < b.assetId ? -1 : 1))
    .map(({ assetId }) => assetId);
}

/** The texts of photos, by photo. */
export async function textsOf(
  words: Words,
  assetIds: readonly string[],
): Promise<Map<string, readonly PhotoText[]>> {
  const rows =
    assetIds.length === 0
      ? []
      : await words.where(sqlIn('assetId', assetIds), ['assetId', 'texts']);
  return new Map(rows.map(({ assetId, texts }) => [assetId, texts]));
}

/** Words side by side. @returns null where there is none */
function phraseQuery(text: string): FullTextQuery | null {
  const exact = wordsOf(text).map((word) => word.exact);
  return exact.length === 0 ? null : new PhraseQuery(exact.join(' '), 'exact');
}

function both(queries: readonly FullTextQuery[]): FullTextQuery {
  return queries.length === 1
    ? queries[0]
    : new BooleanQuery(queries.map((query) => [Occur.Must, query]));
}

function clause(occur: Occur, text: string): [Occur, FullTextQuery][] {
  const query = phraseQuery(text);
  return query === null ? [] : [[occur, query]];
}

/** Any of the words that say something. @returns null where there is none */
function anyWordQuery(text: string): FullTextQuery | null {
  const { spaced, unspaced } = searchedWords(text);
  const stems = spaced.map(({ stem }) => stem).join(' ');
  const queries = [
    ...(stems === '' ? [] : [new MatchQuery(stems, 'stems')]),
    ...unspaced.map((letters) => new PhraseQuery(letters.join(' '), 'exact')),
  ];
  if (queries.length <= 1) return queries[0] ?? null;
  return new BooleanQuery(queries.map((query) => [Occur.Should, query]));
}
