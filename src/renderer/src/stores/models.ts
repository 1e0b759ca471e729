import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { ModelList } from '#shared/schemas/models.ts';
import { useServices } from '../connection/services.ts';
import { shownDownloads } from '../format/shown-downloads.ts';
import { useTasks } from './tasks.ts';

/** The models of this machine, and the downloads of more. */
export const useModels = defineStore('models', () => {
  const { api } = useServices();
  const work = useTasks();
  const list = shallowRef<ModelList | null>(null);
  const error = shallowRef<string | null>(null);
  const downloads = computed(() => shownDownloads(work.tasks, list.value?.downloads ?? []));
  /** The models that are read now. */
  const readings = computed(() =>
    work.running.filter(({ kind }) => kind === 'model-add' || kind === 'model-verify'),
  );

  async function refresh(): Promise<void> {
    try {
      list.value = await api.invoke('models/list', null);
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  api.on('models/changed', (next) => {
    list.value = next;
  });
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return {
    list,
    error,
    downloads,
    readings,
    refresh,
    verify: (name: string) => api.invoke('models/verify', { name }),
    add: (folder: string) => api.invoke('models/add', { folder }),
    download: (source: string) => api.invoke('models/download', { source }),
    discard: (origin: string) => api.invoke('models/discard', { origin }),
    exportTo: (name: string, folder: string) => api.invoke('models/export', { name, folder }),
    remove: (name: string) => api.invoke('models/remove', { name }),
  };
});
