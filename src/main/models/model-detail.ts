import { readCard } from '#main/med/checkpoint/checkpoint.ts';
import type { ListedModel } from '#shared/schemas/models.ts';
import { requireListed } from './find-model.ts';
import { listModels } from './list-models.ts';
import { modelFiles, type ModelFile } from './model-files.ts';
import { starterName, type ModelsHome } from './models-home.ts';

/** Everything there is to say about one model. */
export interface ModelDetail extends ListedModel {
  readonly files: readonly ModelFile[];
  /** As its card names it; null where it does not. */
  readonly license: string | null;
  /** The first lines of its card that hold words. */
  readonly cardStart: readonly string[];
}

const cardLines = 6;

/** @throws MedleyError `model-unknown` */
export async function modelDetail(home: ModelsHome, given: string): Promise<ModelDetail> {
  const name = given === starterName ? given : (await requireListed(home, given)).name;
  const { models } = await listModels(home);
  const [model] = models.filter((each) => each.name === name);
  const files = await modelFiles(model.folder);
  return { ...model, files, ...partsOfCard((await readCard(model.folder)) ?? '') };
}

/** A card is Markdown, after settings between two lines of dashes. */
export function partsOfCard(card: string): Pick<ModelDetail, 'license' | 'cardStart'> {
  const settings = /^---\r?\n(.*?)^---\r?\n/ms.exec(card);
  const license = /^licen[cs]e:[ \t]*(\S.*?)\s*$/m.exec(settings?.[1] ?? '')?.[1] ?? null;
  const text = settings === null ? card : card.slice(settings[0].length);
  const lines = text.split('\n').map((line) => line.trim());
  return { license, cardStart: lines.filter((line) => line !== '').slice(0, cardLines) };
}
