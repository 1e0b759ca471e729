import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { requireListed } from './find-model.ts';
import { nameSource } from './hub/remote-model.ts';
import type { ModelEntry } from './model-entry.ts';
import { lockModel, type ModelsHome } from './models-home.ts';
import { stagingFolder } from './staging.ts';

/** Whether removing a model deletes files, downloaded or trained: a person's own folder is only forgotten. */
export function isDownloaded({ source }: Pick<ModelEntry, 'source'>): boolean {
  return source !== 'folder';
}

/**
 * Takes a model off the list, and deletes its files if Medley downloaded them.
 *
 * @throws MedleyError `model-unknown`, `model-busy`
 */
export async function removeModel(home: ModelsHome, name: string): Promise<ModelEntry> {
  const entry = await requireListed(home, name);
  const trained = (await home.registry.read()).find((each) => each.trained?.base === entry.name);
  if (trained !== undefined) {
    throw new MedleyError(
      'model-busy',
      `${trained.name} was trained on ${entry.name} and needs it. Remove ${trained.name} first.`,
      { subject: entry.name },
    );
  }
  if (!isDownloaded(entry) || dirname(entry.folder) !== home.folder) {
    await home.registry.remove(entry.name);
    return entry;
  }
  const lock = await lockModel(home, basename(entry.folder), entry.origin ?? entry.name);
  try {
    await home.registry.remove(entry.name);
    await rm(entry.folder, { recursive: true, force: true });
  } finally {
    await lock.release();
  }
  return entry;
}

/**
 * Deletes what was fetched of a download that is not finished, if anything was.
 *
 * @throws MedleyError `bad-request`, `model-busy`
 */
export async function discardDownload(home: ModelsHome, origin: string): Promise<void> {
  const { folderName } = nameSource(origin);
  const staging = stagingFolder(home.folder, folderName);
  if (!existsSync(staging)) return;
  const lock = await lockModel(home, folderName, origin);
  try {
    await rm(staging, { recursive: true, force: true });
  } finally {
    await lock.release();
  }
}
