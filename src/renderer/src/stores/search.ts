import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { messageOf, MedleyError } from '#shared/errors.ts';
import type { SearchProgress, SearchQuery } from '#shared/schemas/search.ts';
import { useServices } from '../connection/services.ts';
import { likelyCount } from '../format/verdict.ts';

/** A picture brought along to search with. */
export interface Example {
  readonly base64: string;
  /** For showing it: a `blob:` address. */
  readonly url: string;
}

/** The search that runs or ran last. */
export const useSearch = defineStore('search', () => {
  const { api } = useServices();
  const query = shallowRef<SearchQuery | null>(null);
  const progress = shallowRef<SearchProgress | null>(null);
  const error = shallowRef<string | null>(null);
  const running = shallowRef(false);
  const example = shallowRef<Example | null>(null);
  let searchId = '';

  const results = computed(() => progress.value?.results ?? []);
  /** Share of the shortlist re-ranked, in [0, 1]; null when nothing is being re-ranked. */
  const reranking = computed(() => {
    if (!running.value || progress.value === null || progress.value.shortlist === 0) return null;
    return progress.value.reranked / progress.value.shortlist;
  });
  /** How many results come before the unlikely ones; null until every one was judged. */
  const likely = computed(() => {
    const judged = progress.value?.stage === 'done' && query.value?.kind === 'text';
    return judged ? likelyCount(results.value) : null;
  });

  async function run(next: SearchQuery): Promise<void> {
    const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    searchId = id;
    query.value = next;
    error.value = null;
    running.value = true;
    try {
      const last = await api.invoke('search/run', { searchId: id, query: next });
      if (searchId === id) progress.value = last;
    } catch (failure) {
      if (searchId === id) fail(failure);
    } finally {
      if (searchId === id) running.value = false;
    }
  }

  function fail(failure: unknown): void {
    const cancelled = failure instanceof MedleyError && failure.code === 'cancelled';
    error.value = cancelled
      ? 'Another search took over. Search again to see these results.'
      : messageOf(failure);
    progress.value = null;
  }

  function clear(): void {
    searchId = '';
    query.value = null;
    progress.value = null;
    error.value = null;
    running.value = false;
  }

  api.on('search/progress', (state) => {
    if (state.searchId === searchId) progress.value = state;
  });

  return { query, progress, results, error, running, reranking, likely, example, run, clear };
});
