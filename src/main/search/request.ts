import { MedleyError } from '#shared/errors.ts';
import type { SearchProgress, SearchResult, SearchSort } from '#shared/schemas/search.ts';
import { scoreOf, type Candidate } from './rank.ts';
import type { PhotoCard } from './search-index.ts';

export interface SearchRequest {
  /** Most results returned. */
  readonly limit: number;
  readonly sort: SearchSort;
  /** Ends the search with `cancelled`. */
  readonly signal: AbortSignal;
  /** Resolves when photos may be judged; first results do not wait for it. */
  readonly calm: () => Promise<void>;
  /** Receives every state but the last, which is the result. */
  readonly onProgress: (progress: SearchProgress) => void;
}

export function throwIfCancelled({ signal }: Pick<SearchRequest, 'signal'>): void {
  if (signal.aborted) throw new MedleyError('cancelled', 'The search was cancelled.');
}

/** Candidates as they are shown; those that have no card, since they have gone meanwhile, are left out. */
export function present(
  cards: readonly PhotoCard[],
  candidates: readonly Candidate[],
  cosineWeight: number,
): SearchResult[] {
  const byId = new Map(cards.map((card) => [card.id, card]));
  return candidates.flatMap((candidate) => {
    const card = byId.get(candidate.photoId);
    if (card === undefined) return [];
    const { cosine, evidence, judged } = candidate;
    return {
      ...card,
      itc: cosine,
      itm: judged?.probability ?? null,
      score: scoreOf(candidate, cosineWeight),
      matches: judged?.isFound ?? null,
      words: [...(evidence?.words ?? [])],
    };
  });
}
