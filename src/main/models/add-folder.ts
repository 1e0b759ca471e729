import { realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { readFacts } from './facts.ts';
import { sha256OfFile } from './hash-file.ts';
import type { FileRecord, ModelEntry } from './model-entry.ts';
import { modelFiles } from './model-files.ts';
import { watchReading, type ModelReading } from './model-reading.ts';
import type { ModelsHome } from './models-home.ts';
import { freeName } from './names.ts';

export interface AddOptions extends ModelReading {
  /** What to call it; left out, as before or as the folder. */
  readonly name?: string | undefined;
}

/**
 * Lists a checkpoint folder, which stays where it is. Adding it again takes note of its files as
 * they are now.
 *
 * @throws MedleyError `folder-missing`; `file-missing` or `checkpoint-invalid`, naming what is at
 *   fault; the signal's reason
 */
export async function addFolder(
  { registry }: ModelsHome,
  path: string,
  { name, ...reading }: AddOptions = {},
): Promise<ModelEntry> {
  const folder = await realFolder(path);
  const found = await modelFiles(folder);
  const watch = watchReading(found, reading);
  const facts = await readFacts(folder, watch);
  const files: FileRecord[] = [];
  for (const file of found) {
    files.push({ ...file, sha256: await sha256OfFile(join(folder, file.name), watch) });
  }
  const known = (await registry.read()).find((entry) => entry.folder === folder);
  return registry.put(
    (entry) => entry.folder === folder,
    (others) => ({
      name: freeName(others, [name ?? known?.name ?? basename(folder)]),
      folder,
      source: 'folder',
      origin: null,
      revision: null,
      addedAt: new Date().toISOString(),
      files,
      facts,
    }),
  );
}

/**
 * The one path of a folder, whichever way it was given.
 *
 * @throws MedleyError `folder-missing`
 */
export async function realFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null && (await stat(real)).isDirectory()) return real;
  const reason =
    real === null
      ? `There is no folder ${path}.`
      : `${path} is a file: add the folder that holds it.`;
  throw new MedleyError('folder-missing', reason, { subject: path });
}
