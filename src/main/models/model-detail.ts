import type { ListedModel } from '#shared/schemas/models.ts';
import { requireListed } from './find-model.ts';
import { listModels } from './list-models.ts';
import { readModelCard } from './model-card.ts';
import { modelFiles, type ModelFile } from './model-files.ts';
import { starterName, type ModelsHome } from './models-home.ts';

/** Everything there is to say about one model. */
export interface ModelDetail extends ListedModel {
  readonly files: readonly ModelFile[];
  /** The first lines of its card that hold words. */
  readonly cardStart: readonly string[];
}

/** @throws MedleyError `model-unknown` */
export async function modelDetail(home: ModelsHome, given: string): Promise<ModelDetail> {
  const name = given === starterName ? given : (await requireListed(home, given)).name;
  const { models } = await listModels(home);
  const [model] = models.filter((each) => each.name === name);
  const files = await modelFiles(model.folder);
  const { start } = await readModelCard(model.folder);
  return { ...model, files, cardStart: start };
}
