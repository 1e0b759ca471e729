import { MedleyError } from '#shared/errors.ts';
import type { SearchProgress, SearchResult } from '#shared/schemas/search.ts';
import type { ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import { rank, scoreOf, type Candidate } from './rank.ts';

/** What a result shows of its photo besides the scores. */
export type PhotoCard = Omit<SearchResult, 'itc' | 'itm' | 'score' | 'matches' | 'words'>;

export interface Neighbour {
  readonly photoId: string;
  /** Cosine similarity in [-1, 1]. */
  readonly cosine: number;
}

/** The photos to search, as the engine knows them. */
export interface SearchIndex {
  /** The `k` photos nearest to a unit vector, nearest first. */
  nearest(vector: Float32Array, k: number): Promise<Neighbour[]>;
  /** The cards of these photos; a photo that has gone meanwhile is left out. */
  cards(photoIds: readonly string[]): Promise<PhotoCard[]>;
  /** Patch features of each photo, in order; null for one whose file cannot be read any more. */
  features(photoIds: readonly string[]): Promise<(ImageFeatures | null)[]>;
}

export interface SearchRequest {
  /** Most results returned. */
  readonly limit: number;
  /** Most photos re-ranked. */
  readonly shortlist: number;
  /** Ends the search with `cancelled`. */
  readonly signal: AbortSignal;
  /** Receives every state but the last, which is the result. */
  readonly onProgress: (progress: SearchProgress) => void;
}

/** The weight of the cosine where it is all there is. */
const cosineOnly = 1;

/** Photos a matching batch: long enough to fill the cores, short enough to show progress. */
const batchSize = 16;

/**
 * Finds photos from a sentence: the cosine shortlist at once, then its order by image-text
 * matching as that comes (BLIP's retrieval: ITC shortlist, ITM re-rank).
 * @throws {MedleyError} `cancelled`.
 */
export async function searchByText(
  model: MedModel,
  index: SearchIndex,
  text: string,
  request: SearchRequest,
): Promise<SearchProgress> {
  const run = new SearchRun(index, request, model.info.cosineWeight);
  const vector = await run.timed('embed', async () => (await model.embedTexts([text]))[0]);
  if (!vector) throw new MedleyError('internal', 'The model made no embedding of the sentence.');
  await run.shortlist(vector, Math.max(request.limit, request.shortlist), request.shortlist, null);
  request.onProgress(run.progress('shortlist'));
  while (await run.rerankBatch(model, text)) request.onProgress(run.progress('rerank'));
  return run.progress('done');
}

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
  const run = new SearchRun(index, request, cosineOnly);
  run.ms.embed = embedMs;
  await run.shortlist(vector, request.limit, 0, exclude);
  return run.progress('done');
}

class SearchRun {
  readonly ms = { embed: 0, shortlist: 0, rerank: 0 };
  readonly #index: SearchIndex;
  readonly #request: SearchRequest;
  readonly #cosineWeight: number;
  #candidates: Candidate[] = [];
  #cards = new Map<string, PhotoCard>();
  /** Photos yet to re-rank, nearest first. */
  #waiting: string[] = [];
  #shortlisted = 0;

  constructor(index: SearchIndex, request: SearchRequest, cosineWeight: number) {
    this.#index = index;
    this.#request = request;
    this.#cosineWeight = cosineWeight;
  }

  async timed<T>(part: keyof typeof this.ms, work: () => Promise<T>): Promise<T> {
    this.#throwIfCancelled();
    const start = performance.now();
    const result = await work();
    this.ms[part] += performance.now() - start;
    this.#throwIfCancelled();
    return result;
  }

  shortlist(vector: Float32Array, k: number, rerank: number, exclude: string | null) {
    return this.timed('shortlist', async () => {
      const found = await this.#index.nearest(vector, exclude === null ? k : k + 1);
      const ids = found.map(({ photoId }) => photoId).filter((id) => id !== exclude);
      const cards = await this.#index.cards(ids);
      this.#cards = new Map(cards.map((card) => [card.id, card]));
      this.#candidates = found
        .filter(({ photoId }) => this.#cards.has(photoId))
        .slice(0, k)
        .map(({ photoId, cosine }) => ({ photoId, cosine, match: null }));
      this.#waiting = this.#candidates.slice(0, rerank).map(({ photoId }) => photoId);
      this.#shortlisted = this.#waiting.length;
    });
  }

  /** Matches the next photos; false when none are left. */
  async rerankBatch(model: MedModel, text: string): Promise<boolean> {
    const ids = this.#waiting.splice(0, batchSize);
    if (ids.length === 0) return false;
    await this.timed('rerank', async () => {
      const features = await this.#index.features(ids);
      const readable = features.filter((each) => each !== null);
      const texts = readable.map(() => text);
      const matches = readable.length > 0 ? await model.match(readable, texts) : [];
      const matched = ids.filter((_, i) => features[i] !== null);
      const byId = new Map(matched.map((id, i) => [id, matches[i] ?? null]));
      this.#candidates = this.#candidates.map((each) => ({
        ...each,
        match: byId.get(each.photoId) ?? each.match,
      }));
    });
    return this.#waiting.length > 0;
  }

  progress(stage: SearchProgress['stage']): SearchProgress {
    return {
      stage,
      reranked: this.#shortlisted - this.#waiting.length,
      shortlist: this.#shortlisted,
      results: rank(this.#candidates, this.#cosineWeight)
        .slice(0, this.#request.limit)
        .flatMap((each) => this.#result(each)),
      above: null,
      line: null,
      searched: this.#candidates.length,
      more: false,
      total: null,
      notes: [],
      ms: { ...this.ms },
    };
  }

  #result(candidate: Candidate): SearchResult[] {
    const card = this.#cards.get(candidate.photoId);
    if (!card) return [];
    const { cosine, match } = candidate;
    const score = scoreOf(candidate, this.#cosineWeight);
    return [
      { ...card, itc: cosine, itm: match?.probability ?? null, score, matches: null, words: [] },
    ];
  }

  #throwIfCancelled(): void {
    if (!this.#request.signal.aborted) return;
    throw new MedleyError('cancelled', 'The search was cancelled.');
  }
}
