import { useDebounceFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { captionerIdOf } from '#shared/schemas/model.ts';
import type { PhotoId, PhotoLabel } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';

/** Scrolling settles for this long before labels are asked for, in milliseconds. */
const settle = 80;
const mostAtOnce = 1000;

/** Names and captions of photos that are or were on screen, fetched when needed. */
export const useLabels = defineStore('labels', () => {
  const { api } = useServices();
  const labels = shallowReactive(new Map<PhotoId, PhotoLabel>());
  let wanted: readonly PhotoId[] = [];
  let captioned: number | null = null;
  let modelId: string | null = null;

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

  function captionsArrived(): void {
    const uncaptioned = new Set(wanted.filter((id) => labels.get(id)?.caption === null));
    for (const [id, label] of labels) {
      if (label.caption === null && !uncaptioned.has(id)) labels.delete(id);
    }
    if (uncaptioned.size > 0) load([...uncaptioned].slice(0, mostAtOnce)).catch(() => {});
  }

  api.on('library/changed', (info) => {
    if (info.captioned !== captioned) captionsArrived();
    captioned = info.captioned;
  });
  api.on('model/changed', ({ model }) => {
    const captionerId = model && captionerIdOf(model);
    if (captionerId && modelId !== null && captionerId !== modelId) {
      labels.clear();
      void fetchSoon();
    }
    modelId = captionerId ?? modelId;
  });

  return { labels, show };
});
