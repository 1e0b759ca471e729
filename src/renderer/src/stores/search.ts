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
  /** What is shown was found by an earlier search, until this one has found something. */
  const waiting = shallowRef(false);
  const example = shallowRef<Example | null>(null);
  /** Ends the search that runs. */
  let call = new AbortController();
  /** The connection was lost while it ran: it is run again once there is another. */
  let interrupted = false;

  const results = computed(() => progress.value?.results ?? []);
  /** Share of the shortlist re-ranked, in [0, 1]; null when nothing is being re-ranked. */
  const reranking = computed(() => {
    if (
      !running.value ||
      waiting.value ||
      progress.value === null ||
      progress.value.shortlist === 0
    )
      return null;
    return progress.value.reranked / progress.value.shortlist;
  });
  /** How many results come before the unlikely ones; null until every one was judged. */
  const likely = computed(() => {
    const judged =
      !waiting.value && progress.value?.stage === 'done' && query.value?.kind === 'text';
    return judged ? likelyCount(results.value) : null;
  });

  async function run(next: SearchQuery): Promise<void> {
    call.abort();
    const own = new AbortController();
    call = own;
    query.value = next;
    error.value = null;
    running.value = true;
    waiting.value = true;
    interrupted = false;
    const show = (state: SearchProgress) => {
      if (own.signal.aborted) return;
      waiting.value = false;
      progress.value = state;
    };
    try {
      show(
        await api.invoke('search/run', { query: next }, { signal: own.signal, onProgress: show }),
      );
    } catch (failure) {
      if (!own.signal.aborted) fail(failure);
    } finally {
      if (!own.signal.aborted) running.value = false;
    }
  }

  function fail(failure: unknown): void {
    interrupted = failure instanceof MedleyError && failure.code === 'engine-stopped';
    error.value = messageOf(failure);
    progress.value = null;
  }

  function clear(): void {
    call.abort();
    query.value = null;
    progress.value = null;
    error.value = null;
    running.value = false;
    waiting.value = false;
    interrupted = false;
  }

  api.watch((state) => {
    if (state.kind === 'open' && interrupted && query.value) void run(query.value);
  });

  return {
    query,
    progress,
    results,
    error,
    running,
    waiting,
    reranking,
    likely,
    example,
    run,
    clear,
  };
});
