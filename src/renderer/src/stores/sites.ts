import { StorageSerializers, useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useServices } from '../connection/services.ts';
import { useTasks } from './tasks.ts';

/** The website that is looked through, and those of which something was answered. */
export const useSites = defineStore('sites', () => {
  const { api } = useServices();
  const tasks = useTasks();
  /** The folder of the site; null while the photos of the library are looked through. */
  const folder = useLocalStorage<string | null>('medley.site', null, {
    serializer: StorageSerializers.string,
  });
  const answered = shallowRef<readonly string[]>([]);

  /** The folders that can be chosen. */
  const known = computed(() =>
    folder.value === null || answered.value.includes(folder.value)
      ? answered.value
      : [folder.value, ...answered.value],
  );
  /** The reading of the pages, while it is under way. */
  const reading = computed(
    () =>
      tasks.running.find(
        ({ kind, subject }) => kind === 'check-site' && subject === folder.value,
      ) ?? null,
  );

  /** The reading or writing of the pages that ended last, by its id. */
  const ended = computed(
    () =>
      tasks.tasks.find(
        ({ kind, state, subject }) =>
          (kind === 'check-site' || kind === 'write-pages') &&
          state !== 'running' &&
          subject === folder.value,
      )?.id ?? null,
  );

  async function look(): Promise<void> {
    answered.value = await api.invoke('sites/list', null);
  }

  /** Has the pages in a folder read, and their texts judged. */
  async function check(named: string): Promise<void> {
    ({ folder: folder.value } = await api.invoke('sites/check', { folder: named }));
  }

  return { folder, known, reading, ended, look, check };
});
