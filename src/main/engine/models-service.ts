import type { Handlers } from '#shared/api.ts';
import { messageOf } from '#shared/errors.ts';
import type { Emit } from '#shared/rpc/server.ts';
import { modelsHome } from '#main/models/models-home.ts';
import { Downloads } from './downloads.ts';
import { listWithDownloads, modelsHandlers, type ModelsMethod } from './handlers/models.ts';
import { modelsFolder } from './models-folder.ts';
import { starterModelFolder } from './starter-model.ts';

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
  /** Stops the downloads; what was fetched is kept. */
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
  const sendList = () => {
    listWithDownloads(home, downloads).then(
      (list) => emit('models/changed', list),
      (error: unknown) => emit('notice', { level: 'warning', message: messageOf(error) }),
    );
  };
  return {
    handlers: modelsHandlers({ home, downloads, inUse, onChange: sendList }),
    close: () => downloads.close(),
  };
}
