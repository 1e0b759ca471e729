import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { ModelStatus, Settings, SettingsChange } from '#shared/schemas/model.ts';
import type { ListedModel } from '#shared/schemas/models.ts';
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

  /**
   * Uses a model for all it can do; what it cannot do stays with what does it now.
   *
   * @param starter folder of the model that ships
   */
  async function use({ folder, source, facts }: ListedModel, starter: string): Promise<void> {
    const { matching, captioning } = facts.roles;
    if (!matching) return choose({ captionerFolder: folder });
    const { modelFolder, captionerFolder } = settings.value ?? {};
    const captions = captionerFolder ?? modelFolder ?? starter;
    await choose({
      modelFolder: source === 'starter' ? null : folder,
      captionerFolder: captioning ? null : captions,
    });
  }

  /** Uses what was used before the last change of the model. */
  async function goBack(): Promise<void> {
    const previous = settings.value?.previous;
    if (previous) await choose(previous);
  }

  // A model that looks at every photo first takes over later.
  api.on('model/changed', (next) => {
    const another =
      next.model?.id !== status.value?.model?.id ||
      next.model?.captioner?.id !== status.value?.model?.captioner?.id;
    status.value = next;
    if (another) void refresh();
  });
  api.watch((state) => {
    if (state.kind === 'open') void refresh();
  });

  return { status, settings, error, refresh, choose, use, goBack };
});
