import { join } from 'node:path';
import { lockFile, type ProcessLock } from '#main/files/process-lock.ts';
import { MedleyError } from '#shared/errors.ts';
import { Registry } from './registry.ts';

/** Where models are: the list of them, those that were downloaded, and the one that ships. */
export interface ModelsHome {
  /** Holds `models.json` and the downloaded models, a folder each. */
  readonly folder: string;
  readonly starterFolder: string;
  readonly registry: Registry;
}

/** The name of the model that ships with Medley. */
export const starterName = 'starter';

/** @param folder made with the first model */
export function modelsHome(folder: string, starterFolder: string): ModelsHome {
  return { folder, starterFolder, registry: new Registry(folder) };
}

/**
 * The exclusive right to write the folder of one downloaded model.
 *
 * @throws MedleyError `model-busy`
 */
export function lockModel(
  home: ModelsHome,
  folderName: string,
  origin: string,
): Promise<ProcessLock> {
  return lockFile(
    join(home.folder, `${folderName}.lock`),
    (holder) =>
      new MedleyError('model-busy', `${origin} is already being downloaded, by ${holder}.`, {
        subject: origin,
      }),
  );
}
