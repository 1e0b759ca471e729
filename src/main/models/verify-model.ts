import { join } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import type { ModelFacts } from '#shared/schemas/models.ts';
import { readFacts } from './facts.ts';
import { requireListed } from './find-model.ts';
import { sha256OfFile } from './hash-file.ts';
import type { FileRecord, ModelEntry } from './model-entry.ts';
import { starterName, type ModelsHome } from './models-home.ts';
import { sizeOf } from './staging.ts';

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Hears how many bytes were read, and how many there are. */
  onProgress(done: number, total: number): void;
}

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
  options: VerifyOptions,
): Promise<ModelFacts> {
  // What ships with Medley was checked when Medley was installed.
  if (name === starterName) return readFacts(home.starterFolder);
  const entry = await requireListed(home, name);
  await verifyFiles(entry, options);
  return readFacts(entry.folder);
}

async function verifyFiles(
  { folder, files, source }: ModelEntry,
  { signal, onProgress }: VerifyOptions,
): Promise<void> {
  const remedy = source === 'folder' ? 'Add the folder again.' : 'Download it again.';
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const file of files) {
    const problem = await changeOf(folder, file, signal, (bytes) => {
      done += bytes;
      onProgress(done, total);
    });
    if (problem === null) continue;
    const path = join(folder, file.name);
    throw new MedleyError('checkpoint-invalid', `${path} ${problem}. ${remedy}`, { subject: path });
  }
}

async function changeOf(
  folder: string,
  { name, size, sha256 }: FileRecord,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string | null> {
  const path = join(folder, name);
  const found = await sizeOf(path);
  if (found === null) return 'is missing';
  if (found !== size) return `has ${found} bytes, not ${size}`;
  const hash = await sha256OfFile(path, onBytes, signal);
  return hash === sha256 ? null : `is damaged: its SHA-256 is ${hash}, not ${sha256}`;
}
