import { join } from 'node:path';
import { readAdapterCard } from '#main/med/adapter/adapter-file.ts';
import { adapterFile } from '#main/med/adapter/trained-model.ts';
import { Taught } from '#shared/schemas/training.ts';

/** What the model in the folder of a trained one was taught, by its own card; undefined where that does not say. */
export async function taughtOf(folder: string): Promise<Taught | undefined> {
  const card = await readAdapterCard(join(folder, adapterFile)).catch(() => null);
  return Taught.safeParse(card?.recipe).data;
}
