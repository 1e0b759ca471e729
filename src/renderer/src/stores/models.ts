import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { ModelList } from '#shared/schemas/models.ts';
import { useServices } from '../connection/services.ts';
import { nameOfModel } from '../format/model-words.ts';
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

  /** What the model of this id is called in the list: those trained on one model have its name in their ids. */
  function nameOf(id: string): string {
    return list.value?.models.find(({ facts }) => facts.id === id)?.name ?? nameOfModel(id);
  }

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
    nameOf,
    refresh,
    verify: (name: string) => api.invoke('models/verify', { name }),
    add: (folder: string) => api.invoke('models/add', { folder }),
    download: (source: string) => api.invoke('models/download', { source }),
    discard: (origin: string) => api.invoke('models/discard', { origin }),
    exportTo: (name: string, folder: string) => api.invoke('models/export', { name, folder }),
    remove: (name: string) => api.invoke('models/remove', { name }),
  };
});
