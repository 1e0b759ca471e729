import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import type { ModelEntry } from './model-entry.ts';
import { starterName, type ModelsHome } from './models-home.ts';

/**
 * The listed model of this name, hub id or address.
 *
 * @throws MedleyError `model-unknown`; `bad-request` for the model that ships, which is on no list
 */
export async function requireListed({ registry }: ModelsHome, name: string): Promise<ModelEntry> {
  const found = byNameOrOrigin(await registry.read(), name);
  if (found !== undefined) return found;
  if (name === starterName) {
    throw new MedleyError(
      'bad-request',
      `${name} comes with Medley: it stays as it is, and cannot be removed or exported.`,
      { subject: name },
    );
  }
  throw new MedleyError(
    'model-unknown',
    `There is no model "${name}" in the list: see "medley model list".`,
    { subject: name },
  );
}

/**
 * The checkpoint folder that a person means: by name, by hub id, or as a path. A name goes before
 * a folder of the same name, which `./NAME` still means.
 *
 * @param toPath makes an absolute path of theirs
 * @throws MedleyError `model-unknown`
 */
export async function findModelFolder(
  { registry, starterFolder }: ModelsHome,
  given: string,
  toPath: (path: string) => string,
): Promise<string> {
  if (given === starterName) return starterFolder;
  const found = byNameOrOrigin(await registry.read(), given);
  if (found !== undefined) return found.folder;
  const path = toPath(given);
  if (existsSync(path) || isAbsolute(given) || given.startsWith('.')) return path;
  throw new MedleyError(
    'model-unknown',
    `There is no model "${given}": neither in "medley model list" nor as a folder. ` +
      `If it is on the hub, run "medley model download ${given}" first.`,
    { subject: given },
  );
}

function byNameOrOrigin(models: readonly ModelEntry[], text: string): ModelEntry | undefined {
  return models.find(({ name }) => name === text) ?? models.find(({ origin }) => origin === text);
}
