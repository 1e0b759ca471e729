import { realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { readFacts } from './facts.ts';
import { sha256OfFile } from './hash-file.ts';
import type { FileRecord, ModelEntry } from './model-entry.ts';
import { modelFiles } from './model-files.ts';
import type { ModelsHome } from './models-home.ts';
import { freeName } from './names.ts';
import { sizeOf } from './staging.ts';

/**
 * Lists a checkpoint folder, which stays where it is. Adding it again takes note of its files as
 * they are now.
 *
 * @param name what to call it; left out, as before or as the folder
 * @throws MedleyError `folder-missing`; `file-missing` or `checkpoint-invalid`, naming what is at
 *   fault
 */
export async function addFolder(
  { registry }: ModelsHome,
  path: string,
  name?: string,
): Promise<ModelEntry> {
  const folder = await realFolder(path);
  const facts = await readFacts(folder);
  const files: FileRecord[] = [];
  for (const file of await modelFiles(folder)) files.push(await recordOf(folder, file));
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

async function realFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null && (await stat(real)).isDirectory()) return real;
  const reason =
    real === null
      ? `There is no folder ${path}.`
      : `${path} is a file: add the folder that holds it.`;
  throw new MedleyError('folder-missing', reason, { subject: path });
}

async function recordOf(folder: string, name: string): Promise<FileRecord> {
  const path = join(folder, name);
  return { name, size: (await sizeOf(path)) ?? 0, sha256: await sha256OfFile(path) };
}
