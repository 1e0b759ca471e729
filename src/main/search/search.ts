import type { SearchProgress } from '#shared/schemas/search.ts';
import type { Candidate } from './rank.ts';
import { present, throwIfCancelled, type SearchRequest } from './request.ts';
import type { SearchIndex } from './search-index.ts';

/**
 * Finds photos that look like one given by its ITC embedding, by cosine alone.
 * @param exclude the photo itself, when it is one of the library.
 * @param embedMs milliseconds the embedding took.
 * @throws {MedleyError} `cancelled`.
 */
export async function searchByVector(
  index: SearchIndex,
  vector: Float32Array,
  exclude: string | null,
  embedMs: number,
  request: SearchRequest,
): Promise<SearchProgress> {
  throwIfCancelled(request);
  const { limit } = request;
  const start = performance.now();
  // One more shows whether there are more.
  const near = await index.nearest(vector, limit + (exclude === null ? 1 : 2), null);
  const others = near.filter(({ photoId }) => photoId !== exclude);
  const list = others
    .slice(0, limit)
    .map((each): Candidate => ({ ...each, evidence: null, judged: null }));
  const byDate = new Map(
    request.sort === 'date'
      ? (await index.byDate(new Set(list.map(({ photoId }) => photoId)))).map((id, i) => [id, i])
      : [],
  );
  list.sort((a, b) => (byDate.get(a.photoId) ?? 0) - (byDate.get(b.photoId) ?? 0));
  const cards = await index.cards(list.map(({ photoId }) => photoId));
  throwIfCancelled(request);
  return {
    stage: 'done',
    reranked: 0,
    shortlist: 0,
    results: present(cards, list, 1),
    above: null,
    line: null,
    searched: index.count,
    more: others.length > limit,
    total: others.length > limit ? null : others.length,
    notes: [],
    ms: { embed: embedMs, shortlist: performance.now() - start, rerank: 0 },
  };
}
