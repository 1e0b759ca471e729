import { basename } from 'node:path';
import type { Handlers } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import type { ModelList } from '#shared/schemas/models.ts';
import { addFolder } from '#main/models/add-folder.ts';
import { requireListed } from '#main/models/find-model.ts';
import { listModels } from '#main/models/list-models.ts';
import { starterName, type ModelsHome } from '#main/models/models-home.ts';
import { discardDownload, removeModel } from '#main/models/remove-model.ts';
import { verifyModel } from '#main/models/verify-model.ts';
import type { Downloads } from '../tasks/downloads.ts';
import type { ModelReadings } from '../tasks/model-readings.ts';

export type ModelsMethod =
  | 'models/list'
  | 'models/add'
  | 'models/download'
  | 'models/cancel'
  | 'models/discard'
  | 'models/verify'
  | 'models/stop-reading'
  | 'models/remove';

export interface ModelsHandlersOptions {
  readonly home: ModelsHome;
  readonly downloads: Downloads;
  readonly readings: ModelReadings;
  /** The checkpoint folders that are in use. */
  inUse(): ReadonlySet<string>;
  /** Tells everyone what the list is now. */
  onChange(): void;
}

export function modelsHandlers({
  home,
  downloads,
  readings,
  inUse,
  onChange,
}: ModelsHandlersOptions): Pick<Handlers, ModelsMethod> {
  const changed = async (change: Promise<unknown>): Promise<null> => {
    await change;
    onChange();
    return null;
  };
  return {
    'models/list': () => listAll({ home, downloads, readings }),
    'models/add': async ({ folder }) => {
      const model = { folder, name: basename(folder), purpose: 'add' } as const;
      await readings.run(model, (reading) => addFolder(home, folder, reading));
      return null;
    },
    'models/download': async ({ source, revision }) => {
      downloads.start(source, revision);
      onChange();
      return null;
    },
    'models/cancel': ({ origin }) => changed(downloads.cancel(origin)),
    'models/discard': ({ origin }) => changed(discard(home, downloads, origin)),
    'models/verify': async ({ name }) => {
      const folder =
        name === starterName ? home.starterFolder : (await requireListed(home, name)).folder;
      return readings.run({ folder, name, purpose: 'check' }, (reading) =>
        verifyModel(home, name, reading),
      );
    },
    'models/stop-reading': async ({ folder }) => {
      await readings.stop(folder);
      return null;
    },
    'models/remove': async ({ name }) => {
      const { folder } = await requireListed(home, name);
      if (!inUse().has(folder)) {
        await readings.stop(folder);
        return changed(removeModel(home, name));
      }
      throw new MedleyError('model-busy', `${name} is in use. Choose another model first.`, {
        subject: name,
      });
    },
  };
}

/** The list, with what this process reads, and downloads in place of what is on disk of it. */
export async function listAll({
  home,
  downloads,
  readings,
}: Pick<ModelsHandlersOptions, 'home' | 'downloads' | 'readings'>): Promise<ModelList> {
  const { models, downloads: stopped } = await listModels(home);
  const own = downloads.statuses;
  const origins = new Set(own.map(({ origin }) => origin));
  return {
    models,
    readings: readings.statuses,
    downloads: [...own, ...stopped.filter(({ origin }) => !origins.has(origin))],
  };
}

async function discard(home: ModelsHome, downloads: Downloads, origin: string): Promise<void> {
  await downloads.cancel(origin);
  downloads.dismiss(origin);
  await discardDownload(home, origin);
}
