import { join } from 'node:path';
import type { ReadWatch } from '#main/med/formats/read-through.ts';
import { MedleyError } from '#shared/errors.ts';
import type { ModelFacts } from '#shared/schemas/models.ts';
import { readFacts } from './facts.ts';
import { requireListed } from './find-model.ts';
import { sha256OfFile } from './hash-file.ts';
import { remedies } from './list-models.ts';
import type { FileRecord, ModelEntry } from './model-entry.ts';
import { watchReading, type ModelReading } from './model-reading.ts';
import { starterName, type ModelsHome } from './models-home.ts';
import { sizeOf } from './staging.ts';

/**
 * Reads every byte of a model again: each file must be the one that was added, and the checkpoint
 * must open.
 *
 * @throws MedleyError `model-unknown`; `checkpoint-invalid` or `file-missing`, naming what is at
 *   fault; the signal's reason
 */
export async function verifyModel(
  home: ModelsHome,
  name: string,
  reading: ModelReading = {},
): Promise<ModelFacts> {
  // What ships with Medley was checked when Medley was installed.
  if (name === starterName) {
    return readFacts(home.starterFolder, { signal: reading.signal });
  }
  const entry = await requireListed(home, name);
  const watch = watchReading(entry.files, reading);
  await verifyFiles(entry, watch);
  return readFacts(entry.folder, watch);
}

async function verifyFiles({ folder, files, source }: ModelEntry, watch: ReadWatch): Promise<void> {
  const remedy = remedies[source];
  for (const file of files) {
    const problem = await changeOf(folder, file, watch);
    if (problem === null) continue;
    const path = join(folder, file.name);
    throw new MedleyError('checkpoint-invalid', `${path} ${problem}. ${remedy}`, { subject: path });
  }
}

async function changeOf(
  folder: string,
  { name, size, sha256 }: FileRecord,
  watch: ReadWatch,
): Promise<string | null> {
  const path = join(folder, name);
  const found = await sizeOf(path);
  if (found === null) return 'is missing';
  if (found !== size) return `has ${found} bytes, not ${size}`;
  const hash = await sha256OfFile(path, watch);
  return hash === sha256 ? null : `is damaged: its SHA-256 is ${hash}, not ${sha256}`;
}
