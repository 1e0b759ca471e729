import { MedleyError } from '#shared/errors.ts';
import type { ParsedQuery } from '#shared/query/query.ts';
import type { SearchProgress } from '#shared/schemas/search.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { listPhotos } from '#main/search/list-search.ts';
import { Matcher } from '#main/search/matcher.ts';
import { presenceOf, type ModelPresence } from '#main/search/presence.ts';
import type { SearchRequest } from '#main/search/request.ts';
import type { SearchIndex } from '#main/search/search-index.ts';
import { TextSearch } from '#main/search/text-search.ts';

/** A text to search for. */
export interface AskedText {
  readonly meaning: ParsedQuery;
  readonly shortlist: number;
  /** Of the library. */
  readonly revision: number;
}

/** What is kept of a model between searches. */
interface ModelMemory {
  readonly matcher: Matcher;
  readonly presence: ModelPresence | null;
}

/** A search that can go on. */
interface Kept {
  readonly key: string;
  readonly search: TextSearch;
  revision: number;
  limit: number;
}

/** Runs searches by text, and goes on with the last one where more of it is asked for. */
export class TextSearches {
  #memory: Promise<ModelMemory> | null = null;
  #of: MedModel | null = null;
  #last: Kept | null = null;

  /** @throws {MedleyError} `bad-request` for a text that asks for nothing; `cancelled`. */
  async run(
    model: MedModel,
    { meaning, shortlist, revision }: AskedText,
    index: SearchIndex,
    request: SearchRequest,
  ): Promise<SearchProgress> {
    const { sentence, phrases, excluded, filters, parts } = meaning;
    if (sentence === '' && phrases.length + excluded.length + filters.length === 0) {
      const problem = parts.find((part) => part.problem !== null)?.problem;
      throw new MedleyError('bad-request', problem ?? 'Say in a few words what the photo shows.');
    }
    const { matcher, presence } = await this.#remembered(model);
    if (sentence === '') {
      return await listPhotos(model, matcher, presence, meaning, shortlist, index, request);
    }
    const key = JSON.stringify([sentence, phrases, excluded, filters, shortlist]);
    const { limit } = request;
    const last = this.#last;
    // What changes in the library meanwhile must not move what is shown while more of it comes.
    const goesOn = last?.key === key && (last.revision === revision || limit > last.limit);
    const kept = goesOn
      ? last
      : {
          key,
          search: new TextSearch(model, matcher, presence, meaning, shortlist),
          revision,
          limit,
        };
    kept.limit = Math.max(kept.limit, limit);
    this.#last = kept;
    return await kept.search.run(index, request);
  }

  #remembered(model: MedModel): Promise<ModelMemory> {
    if (this.#of !== model || this.#memory === null) {
      this.#of = model;
      this.#last = null;
      this.#memory = presenceOf(model.info).then((presence) => {
        return { matcher: new Matcher(model), presence };
      });
    }
    return this.#memory;
  }
}
