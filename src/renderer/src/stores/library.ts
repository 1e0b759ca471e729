import { useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { LibraryInfo, RepairReport } from '#shared/schemas/library.ts';
import type { PhotoId, Timeline } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';

/** While photos stream in, the timeline is read again at most this often, in milliseconds. */
const refreshEvery = 1500;

/** The photos of the library in display order, kept up to date while an import runs. */
export const useLibrary = defineStore('library', () => {
  const { api } = useServices();
  const info = shallowRef<LibraryInfo | null>(null);
  const timeline = shallowRef<Timeline | null>(null);
  const error = shallowRef<string | null>(null);
  /** Whether it cannot be read because its database is damaged. */
  const damaged = shallowRef(false);
  /** What a repair came to, until the page is loaded anew. */
  const repaired = shallowRef<RepairReport | null>(null);
  /** That of the timeline. */
  let revision: number | null = null;

  const indexOf = computed(() => {
    const index = new Map<string, number>();
    timeline.value?.ids.forEach((id, at) => index.set(id, at));
    return index;
  });
  /** Nothing was ever imported here. */
  const untouched = computed(
    () => info.value !== null && info.value.photos === 0 && info.value.folders.length === 0,
  );

  /** What tells one state of a photo's picture from another; null while it is not known. */
  function versionOf(id: PhotoId): string | null {
    const at = indexOf.value.get(id);
    return at === undefined ? null : (timeline.value?.versions[at] ?? null);
  }

  async function refresh(): Promise<void> {
    try {
      // In this order, so that the timeline is no older than its revision says.
      const before = await api.invoke('library/info', null);
      info.value = before;
      timeline.value = await api.invoke('photos/timeline', null);
      revision = before.photosRevision;
      error.value = null;
      damaged.value = false;
    } catch (failure) {
      error.value = messageOf(failure);
      damaged.value = failure instanceof MedleyError && failure.code === 'library-damaged';
    }
  }

  async function repair(): Promise<void> {
    repaired.value = await api.invoke('library/repair', null);
  }

  const refreshSoon = useThrottleFn(refresh, refreshEvery, true);

  api.on('library/changed', (changed) => {
    info.value = changed;
    if (changed.photosRevision !== revision) void refreshSoon();
  });
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return {
    info,
    timeline,
    error,
    damaged,
    repaired,
    indexOf,
    untouched,
    versionOf,
    refresh,
    repair,
    importFolder: (folder: string) => api.invoke('library/import', { folder }),
    importSamples: () => api.invoke('library/import-samples', null),
  };
});
