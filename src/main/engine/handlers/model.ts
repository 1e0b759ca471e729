import type { Handlers } from '#shared/api.ts';
import type { ModelSlot } from '../model-slot.ts';
import type { SettingsFile } from '../settings-file.ts';

export function modelHandlers(
  slot: ModelSlot,
  settings: SettingsFile,
  reload: () => void,
): Pick<Handlers, 'model/status' | 'settings/get' | 'settings/set'> {
  return {
    'model/status': async () => slot.status,
    'settings/get': async () => settings.value,
    'settings/set': async (changes) => {
      await settings.change(changes);
      reload();
      return settings.value;
    },
  };
}
