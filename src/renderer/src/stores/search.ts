import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { messageOf, MedleyError } from '#shared/errors.ts';
import type { SearchProgress, SearchQuery, SearchSort } from '#shared/schemas/search.ts';
import { useServices } from '../connection/services.ts';

/** A picture brought along to search with. */
export interface Example {
  readonly base64: string;
  /** For showing it: a `blob:` address. */
  readonly url: string;
}

/** Photos that are asked for at first, and again each time the end of the list is reached. */
const page = 60;

/** Typing pauses this long before photos are judged, in milliseconds; first results do not wait for it. */
const typingPause = 250;

/** The search that runs or ran last. */
export const useSearch = defineStore('search', () => {
  const { api } = useServices();
  const query = shallowRef<SearchQuery | null>(null);
  const sort = shallowRef<SearchSort>('relevance');
  const progress = shallowRef<SearchProgress | null>(null);
  const error = shallowRef<string | null>(null);
  /** What is asked for is nothing that can be looked for: the same would fail again. */
  const refused = shallowRef(false);
  const running = shallowRef(false);
  /** What is shown was found by an earlier search, until this one has found something. */
  const waiting = shallowRef(false);
  /** More of the same is being looked for; what is shown stays. */
  const growing = shallowRef(false);
  /** Asked for more of it, the engine had none. */
  const exhausted = shallowRef(false);
  const example = shallowRef<Example | null>(null);
  let limit = page;
  /** Ends the search that runs. */
  let call = new AbortController();
  /** The connection was lost while it ran: it is run again once there is another. */
  let interrupted = false;

  const results = computed(() => progress.value?.results ?? []);
  /** First results are there, and the photos are yet to be looked at closer. */
  const preliminary = computed(() => running.value && progress.value?.stage === 'shortlist');
  /** Share of the shortlist re-ranked, in [0, 1]; null when nothing is being re-ranked. */
  const reranking = computed(() => {
    const state = progress.value;
    if (!running.value || waiting.value || preliminary.value || !state?.shortlist) return null;
    return state.reranked / state.shortlist;
  });
  const done = computed(() => !waiting.value && progress.value?.stage === 'done');
  /** How many photos match; null while that is being found out, and where nobody can tell. */
  const above = computed(() => (done.value ? (progress.value?.above ?? null) : null));

  /** Whether there are more results to ask for. */
  const further = computed(() => progress.value?.more === true && !exhausted.value);

  async function run(next: SearchQuery, order: SearchSort = 'relevance'): Promise<void> {
    query.value = next;
    sort.value = order;
    limit = page;
    growing.value = false;
    exhausted.value = false;
    waiting.value = true;
    await ask(next);
  }

  /** Looks for more of the same, if there is more and nothing else is being looked for. */
  async function more(): Promise<void> {
    if (running.value || query.value === null || !further.value) return;
    limit = results.value.length + page;
    growing.value = true;
    await ask(query.value);
  }

  async function ask(asked: SearchQuery): Promise<void> {
    call.abort();
    const own = new AbortController();
    call = own;
    error.value = null;
    running.value = true;
    interrupted = false;
    const atLeast = growing.value ? results.value.length : 0;
    const show = (state: SearchProgress) => {
      // While more is looked for, what is there does not go and come again.
      if (own.signal.aborted || (state.stage !== 'done' && state.results.length < atLeast)) return;
      waiting.value = false;
      exhausted.value = growing.value && state.results.length <= atLeast;
      progress.value = state;
    };
    const pause = asked.kind === 'text' && !growing.value ? typingPause : 0;
    const params = { query: asked, limit, sort: sort.value, pause };
    try {
      show(await api.invoke('search/run', params, { signal: own.signal, onProgress: show }));
    } catch (failure) {
      if (!own.signal.aborted) fail(failure);
    } finally {
      if (!own.signal.aborted) {
        running.value = false;
        growing.value = false;
      }
    }
  }

  function fail(failure: unknown): void {
    refused.value = failure instanceof MedleyError && failure.code === 'bad-request';
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
    growing.value = false;
    interrupted = false;
  }

  api.watch((state) => {
    if (state.kind === 'open' && interrupted && query.value) void run(query.value, sort.value);
  });

  return {
    query,
    sort,
    progress,
    results,
    error,
    refused,
    running,
    waiting,
    growing,
    preliminary,
    reranking,
    done,
    above,
    further,
    example,
    run,
    more,
    clear,
  };
});
