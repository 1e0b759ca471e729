import type { Handlers } from '#shared/api.ts';
import { messageOf } from '#shared/errors.ts';
import type { Emit } from '#shared/rpc/server.ts';
import { modelsHome } from '#main/models/models-home.ts';
import { Downloads } from './downloads.ts';
import { listAll, modelsHandlers, type ModelsMethod } from '../handlers/models.ts';
import { ModelReadings } from './model-readings.ts';
import { modelsFolder } from '../settings/models-folder.ts';
import { starterModelFolder } from '../settings/starter-model.ts';

export interface ModelsServiceOptions {
  readonly emit: Emit;
  /** The checkpoint folders that are in use. */
  inUse(): ReadonlySet<string>;
  /** A checkpoint folder in use has other files than before. */
  onReplaced(): void;
}

/** The models of this machine, as the engine offers them. */
export interface ModelsService {
  readonly handlers: Pick<Handlers, ModelsMethod>;
  /** Stops the downloads, of which what was fetched is kept, and what is being read. */
  close(): Promise<void>;
}

export function openModelsService(options: ModelsServiceOptions): ModelsService {
  const { emit, inUse } = options;
  const home = modelsHome(modelsFolder(), starterModelFolder());
  const downloads = new Downloads({
    home,
    onProgress: (status) => emit('models/progress', status),
    onEnd: (entry) => {
      sendList();
      if (entry !== null && inUse().has(entry.folder)) options.onReplaced();
    },
  });
  const readings = new ModelReadings({
    onProgress: (status) => emit('models/reading', status),
    onChange: () => sendList(),
  });
  // One after the other, so that what was read first is not told last.
  let sent = Promise.resolve();
  const sendList = () => {
    sent = sent
      .then(() => listAll({ home, downloads, readings }))
      .then(
        (list) => emit('models/changed', list),
        (error: unknown) => emit('notice', { level: 'warning', message: messageOf(error) }),
      );
  };
  return {
    handlers: modelsHandlers({ home, downloads, readings, inUse, onChange: sendList }),
    close: async () => {
      await Promise.all([downloads.close(), readings.close()]);
    },
  };
}
