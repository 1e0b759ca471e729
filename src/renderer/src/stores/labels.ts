import { useDebounceFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { shallowReactive, watch } from 'vue';
import type { PhotoId, PhotoLabel } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';
import { useLibrary } from './library.ts';

/** Scrolling settles for this long before labels are asked for, in milliseconds. */
const settle = 80;
const mostAtOnce = 1000;

/** Names and captions of photos that are or were on screen, fetched when needed. */
export const useLabels = defineStore('labels', () => {
  const { api } = useServices();
  const library = useLibrary();
  const labels = shallowReactive(new Map<PhotoId, PhotoLabel>());
  let wanted: readonly PhotoId[] = [];

  async function fetchMissing(): Promise<void> {
    const ids = wanted.filter((id) => !labels.has(id)).slice(0, mostAtOnce);
    if (ids.length > 0) await load(ids);
  }

  async function load(ids: PhotoId[]): Promise<void> {
    for (const label of await api.invoke('photos/labels', { ids })) labels.set(label.id, label);
  }

  const fetchSoon = useDebounceFn(() => fetchMissing().catch(() => {}), settle);

  /** Says which photos are on screen; their labels follow. */
  function show(ids: readonly PhotoId[]): void {
    wanted = ids;
    void fetchSoon();
  }

  /** Captions come, get scores, are decided on, and make room for those of another model. */
  function refresh(): void {
    const onScreen = new Set(wanted);
    const open: PhotoId[] = [];
    for (const id of labels.keys()) {
      if (onScreen.has(id)) open.push(id);
      else labels.delete(id);
    }
    if (open.length > 0) load(open.slice(0, mostAtOnce)).catch(() => {});
  }

  watch(() => library.info?.revision, refresh);

  return { labels, show };
});
