import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { ModelStatus, Settings, SettingsChange } from '#shared/schemas/model.ts';
import { useServices } from '../connection/services.ts';

/** The model, the device that runs it, and what the person chose. */
export const useModel = defineStore('model', () => {
  const { api } = useServices();
  const status = shallowRef<ModelStatus | null>(null);
  const settings = shallowRef<Settings | null>(null);
  const error = shallowRef<string | null>(null);

  async function refresh(): Promise<void> {
    try {
      [status.value, settings.value] = await Promise.all([
        api.invoke('model/status', null),
        api.invoke('settings/get', null),
      ]);
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  async function choose(change: SettingsChange): Promise<void> {
    settings.value = await api.invoke('settings/set', change);
  }

  api.on('model/changed', (next) => {
    status.value = next;
  });
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return { status, settings, error, refresh, choose };
});
