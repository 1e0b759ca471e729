import type { Handlers } from '#shared/api.ts';
import type { ModelStatus } from '#shared/schemas/model.ts';
import type { ChosenModels } from '../model/chosen-models.ts';
import type { SettingsFile } from '../settings/settings-file.ts';

export function modelHandlers(
  status: () => ModelStatus,
  settings: SettingsFile,
  models: ChosenModels,
): Pick<Handlers, 'model/status' | 'settings/get' | 'settings/set'> {
  return {
    'model/status': async () => status(),
    'settings/get': async () => settings.value,
    'settings/set': async ({ writing, device, modelFolder, captionerFolder }) => {
      await settings.change({ writing, device });
      if (device !== undefined) void models.load();
      if (modelFolder !== undefined || captionerFolder !== undefined) {
        const before = settings.value.adopting ?? settings.value;
        await models.choose({
          modelFolder: modelFolder === undefined ? before.modelFolder : modelFolder,
          captionerFolder: captionerFolder === undefined ? before.captionerFolder : captionerFolder,
        });
      }
      return settings.value;
    },
  };
}
