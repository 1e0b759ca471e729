import { modelsFolder } from '#main/engine/settings/models-folder.ts';
import { modelsHome, type ModelsHome } from '#main/models/models-home.ts';
import { starterModelFolder } from './project-paths.ts';

/** The models of this machine. */
export function openModelsHome(): ModelsHome {
  return modelsHome(modelsFolder(), starterModelFolder);
}
