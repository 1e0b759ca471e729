import type { Handlers } from '#shared/api.ts';
import type { ModelStatus } from '#shared/schemas/model.ts';
import type { SettingsFile } from '../settings/settings-file.ts';

export function modelHandlers(
  status: () => ModelStatus,
  settings: SettingsFile,
  reload: () => void,
): Pick<Handlers, 'model/status' | 'settings/get' | 'settings/set'> {
  return {
    'model/status': async () => status(),
    'settings/get': async () => settings.value,
    'settings/set': async ({ writing, ...ofModel }) => {
      await settings.change({ writing, ...ofModel });
      if (Object.values(ofModel).some((value) => value !== undefined)) reload();
      return settings.value;
    },
  };
}
