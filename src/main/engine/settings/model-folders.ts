import { Registry } from '#main/models/registry.ts';
import { modelsFolder } from './models-folder.ts';
import { starterModelFolder } from './starter-model.ts';

/** The folders of the models of this machine, the one that ships first. */
export async function modelFolders(): Promise<string[]> {
  const added = await new Registry(modelsFolder()).read();
  return [starterModelFolder(), ...added.map(({ folder }) => folder)];
}
