import { join } from 'node:path';
import { defaultLibraryFolder } from './default-library-folder.ts';

/**
 * Where the list of models and those that were downloaded lie, for every library on this machine:
 * MEDLEY_MODELS, else with the system's data of Medley.
 */
export function modelsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.MEDLEY_MODELS || join(defaultLibraryFolder(), 'models');
}
