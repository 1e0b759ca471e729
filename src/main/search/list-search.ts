import type { QueryMeaning } from '#shared/query/query.ts';
import type { SearchProgress } from '#shared/schemas/search.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { Matcher } from './matcher.ts';
import type { ModelPresence } from './presence.ts';
import type { Candidate } from './rank.ts';
import { refusedTexts } from './refused-texts.ts';
import { present, throwIfCancelled, type SearchRequest } from './request.ts';
import type { SearchIndex } from './search-index.ts';
import { conditionsOf, TextSearch } from './text-search.ts';
import { askedWords, wordEvidence } from './word-evidence.ts';

/**
 * Lists the photos that filters and phrases ask for, newest first, where no sentence says what to look for. Those
 * that show what should not be there come last: they are what a search for it finds.
 * @throws {MedleyError} `cancelled`.
 */
export async function listPhotos(
  model: MedModel,
  matcher: Matcher,
  presence: ModelPresence | null,
  meaning: QueryMeaning,
  partSize: number,
  index: SearchIndex,
  request: SearchRequest,
): Promise<SearchProgress> {
  throwIfCancelled(request);
  const start = performance.now();
  const among = await index.among(conditionsOf(meaning));
  const ids = await index.byDate(among);
  const ms = { embed: 0, shortlist: performance.now() - start, rerank: 0 };
  const words = askedWords('', meaning.phrases);
  const refused = new Set<string>();
  const excluded = meaning.excluded.filter(({ exact }) => !exact);
  let reranked = 0;

  async function state(stage: SearchProgress['stage']): Promise<SearchProgress> {
    const kept = ids.filter((id) => !refused.has(id));
    const order = [...kept, ...ids.filter((id) => refused.has(id))].slice(0, request.limit);
    const [texts, cards] = await Promise.all([
      index.texts(words.runs.length > 0 ? order : []),
      index.cards(order),
    ]);
    const candidates = order.map((photoId): Candidate => {
      const evidence = { ...wordEvidence(words, texts.get(photoId) ?? []), isRefused: false };
      const judged =
        stage === 'done' && excluded.length > 0
          ? { match: null, probability: null, isFound: !refused.has(photoId) }
          : null;
      return { photoId, cosine: null, evidence, judged };
    });
    return {
      stage,
      reranked,
      shortlist: reranked,
      results: present(cards, candidates, model.info.cosineWeight),
      above: stage === 'done' && excluded.length > 0 ? kept.length : null,
      line: null,
      searched: ids.length,
      more: ids.length > request.limit,
      total: ids.length,
      notes: [],
      ms,
    };
  }

  if (excluded.length > 0) request.onProgress(await state('shortlist'));
  for (const text of excluded.flatMap((each) => refusedTexts(each.text))) {
    const search = new TextSearch(
      model,
      matcher,
      presence,
      { ...meaning, sentence: text, excluded: meaning.excluded.filter(({ exact }) => exact) },
      partSize,
    );
    const done = await search.run(index, { ...request, sort: 'date', onProgress: () => {} });
    for (const id of search.found) refused.add(id);
    reranked += done.reranked;
    ms.embed += done.ms.embed;
    ms.rerank += done.ms.rerank;
    request.onProgress(await state('rerank'));
  }
  return await state('done');
}
