import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonFile } from '#main/files/json-file.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import type { AdapterCard } from '#main/med/adapter/adapter-card.ts';
import { mayBeAdapter, openAdapter } from '#main/med/adapter/adapter-file.ts';
import { adapterFile, baseFile, baseFolderOf } from '#main/med/adapter/trained-model.ts';
import { MedleyError } from '#shared/errors.ts';
import { readFacts } from './facts.ts';
import { requireListed } from './find-model.ts';
import { sha256OfFile } from './hash-file.ts';
import { listModels } from './list-models.ts';
import type { FileRecord, ModelEntry } from './model-entry.ts';
import { modelFiles } from './model-files.ts';
import { starterName, type ModelsHome } from './models-home.ts';
import { freeName } from './names.ts';

/**
 * Takes an adapter among the models: a folder of its own in Medley's, with a copy of the file and where
 * its base lies. One that is there already, byte by byte, is left as it is.
 *
 * @param file absolute path of the adapter
 * @throws MedleyError `checkpoint-invalid` where it is no adapter, or of a model that is not in the list;
 *   `disk-full`
 */
export async function addTrained(home: ModelsHome, file: string): Promise<ModelEntry> {
  const { card } = await openAdapter(file);
  const base = await requireBase(home, card, file);
  const sha256 = await sha256OfFile(file);
  const known = (await home.registry.read()).find(({ files }) =>
    files.some((each) => each.name === adapterFile && each.sha256 === sha256),
  );
  if (known !== undefined) return known;
  const folder = await freshFolder(home, folderName(base.name, card));
  try {
    await copyFile(file, join(folder, adapterFile));
    await writeJsonFile(join(folder, baseFile), { base: base.folder });
    const facts = await readFacts(folder);
    const files = await recordsOf(folder);
    return await home.registry.put(
      () => false,
      (others) => ({
        name: freeName(others, [folderName(base.name, card)]),
        folder,
        source: 'trained',
        origin: null,
        revision: null,
        addedAt: new Date().toISOString(),
        files,
        facts,
        trained: {
          base: base.name,
          better: card.better,
          reason: card.reason,
          scores: card.scores,
          learntFrom: card.data.train,
          comparedOn: card.data.heldOut,
          photos: card.data.photos,
          captions: card.data.captions,
        },
      }),
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The adapters that lie in a folder, as absolute paths, with the files that are too damaged to tell; none where it
 * is a checkpoint.
 */
export async function adaptersIn(folder: string): Promise<string[]> {
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.includes('config.json')) return [];
  const files = names
    .filter((name) => name.endsWith('.safetensors'))
    .map((name) => join(folder, name));
  const found: string[] = [];
  for (const file of files.sort()) if (await mayBeAdapter(file)) found.push(file);
  return found;
}

/**
 * Copies the file of a trained model into a folder, under the model's name.
 *
 * @returns absolute path of the copy
 * @throws MedleyError `model-unknown`; `bad-request` where the model is no trained one; `disk-full`,
 *   `folder-read-only`
 */
export async function exportTrained(
  home: ModelsHome,
  name: string,
  folder: string,
): Promise<string> {
  const entry = await requireListed(home, name);
  if (entry.source !== 'trained') {
    throw new MedleyError('bad-request', `${name} was not trained here: its files are its own.`, {
      subject: name,
    });
  }
  const file = join(folder, `${entry.name}.safetensors`);
  await writeWhole(file, await readFile(join(entry.folder, adapterFile)));
  return file;
}

/**
 * Has a trained model find its base where that lies now: the model that ships moves with every version of
 * Medley. Other folders are left alone.
 */
export async function followBase(home: ModelsHome, folder: string): Promise<void> {
  const entries = await home.registry.read();
  const trained = entries.find((entry) => entry.folder === folder)?.trained;
  if (trained === undefined) return;
  const base =
    trained.base === starterName
      ? home.starterFolder
      : entries.find(({ name }) => name === trained.base)?.folder;
  if (base === undefined || (await baseFolderOf(folder)) === base) return;
  await writeJsonFile(join(folder, baseFile), { base });
}

async function requireBase(home: ModelsHome, card: AdapterCard, file: string) {
  const { models } = await listModels(home);
  const base = models.find(({ facts, source }) => source !== 'trained' && facts.id === card.base);
  if (base !== undefined) return base;
  throw new MedleyError(
    'checkpoint-invalid',
    `${file} was trained on the model ${card.base}, which is not in the list. Add that first.`,
    { subject: file },
  );
}

/** As `starter-captions`. */
function folderName(base: string, { roles }: AdapterCard): string {
  const both = roles.length > 1;
  return `${base}-${both ? 'trained' : roles.includes('captioner') ? 'captions' : 'search'}`;
}

async function freshFolder(home: ModelsHome, name: string): Promise<string> {
  await mkdir(home.folder, { recursive: true });
  for (let number = 1; ; number++) {
    const folder = join(home.folder, number === 1 ? name : `${name}-${number}`);
    const isNew = await mkdir(folder).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (isNew) return folder;
  }
}

async function recordsOf(folder: string): Promise<FileRecord[]> {
  const found = await modelFiles(folder);
  // Where the base lies may change.
  const kept = found.filter(({ name }) => name !== baseFile);
  return Promise.all(
    kept.map(async (file) => ({ ...file, sha256: await sha256OfFile(join(folder, file.name)) })),
  );
}
