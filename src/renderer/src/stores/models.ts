import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { DownloadStatus, ModelList, ReadingStatus } from '#shared/schemas/models.ts';
import { useServices } from '../connection/services.ts';
import { useNotices } from './notices.ts';

/** The models of this machine, and the downloads of more. */
export const useModels = defineStore('models', () => {
  const { api } = useServices();
  const notices = useNotices();
  const list = shallowRef<ModelList | null>(null);
  const error = shallowRef<string | null>(null);
  const running = computed(
    () => list.value?.downloads.find(({ state }) => state !== 'stopped') ?? null,
  );

  async function refresh(): Promise<void> {
    try {
      list.value = await api.invoke('models/list', null);
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  function become(next: ModelList): void {
    const before = new Set(list.value?.downloads.map(({ origin }) => origin));
    for (const { name, origin } of next.models) {
      const isNew = !list.value?.models.some((model) => model.origin === origin);
      if (isNew && origin !== null && before.has(origin)) {
        notices.add({ level: 'info', message: `${name} is here and ready to use.` });
      }
    }
    list.value = next;
  }

  function progress(status: DownloadStatus): void {
    if (!list.value) return;
    const downloads = list.value.downloads.map((each) =>
      each.origin === status.origin ? status : each,
    );
    list.value = { ...list.value, downloads };
  }

  function reading(status: ReadingStatus): void {
    if (!list.value) return;
    const readings = list.value.readings.map((each) =>
      each.folder === status.folder ? status : each,
    );
    list.value = { ...list.value, readings };
  }

  async function add(folder: string): Promise<void> {
    await api.invoke('models/add', { folder });
    notices.add({ level: 'info', message: `The model of ${folder} is ready to use.` });
  }

  async function verify(name: string): Promise<void> {
    await api.invoke('models/verify', { name });
    notices.add({ level: 'info', message: `${name} is whole: every byte is as it should be.` });
  }

  api.on('models/changed', become);
  api.on('models/progress', progress);
  api.on('models/reading', reading);
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return {
    list,
    error,
    running,
    refresh,
    verify,
    add,
    download: (source: string) => api.invoke('models/download', { source }),
    cancel: (origin: string) => api.invoke('models/cancel', { origin }),
    discard: (origin: string) => api.invoke('models/discard', { origin }),
    stopReading: (folder: string) => api.invoke('models/stop-reading', { folder }),
    remove: (name: string) => api.invoke('models/remove', { name }),
  };
});
