import { join } from 'node:path';
import { formatBytes } from '#shared/format-bytes.ts';
import type {
  ListedModel,
  ModelFacts,
  ModelList,
  UnfinishedDownload,
} from '#shared/schemas/models.ts';
import type { FileProgress } from '#shared/schemas/tasks.ts';
import { readFacts } from './facts.ts';
import { readModelCard } from './model-card.ts';
import { modelFiles, sumSizes } from './model-files.ts';
import type { ModelEntry } from './model-entry.ts';
import { taughtOf } from './taught.ts';
import { starterName, type ModelsHome } from './models-home.ts';
import { sizeOf, stoppedDownloads, type StoppedDownload } from './staging.ts';

/** Every model that can be chosen, and every download that is not finished. */
export async function listModels(home: ModelsHome): Promise<ModelList> {
  const entries = await home.registry.read();
  return {
    models: [
      await starter(home),
      ...(await Promise.all(entries.map((entry) => listed(entry, entries)))),
    ],
    downloads: (await stoppedDownloads(home.folder)).map(unfinished),
  };
}

/** It never changes while Medley runs. */
const starterFacts = new Map<string, Promise<ModelFacts>>();

async function starter({ starterFolder: folder }: ModelsHome): Promise<ListedModel> {
  const facts = starterFacts.get(folder) ?? readFacts(folder);
  starterFacts.set(folder, facts);
  facts.catch(() => starterFacts.delete(folder));
  return {
    name: starterName,
    folder,
    source: 'starter',
    origin: null,
    revision: null,
    addedAt: null,
    bytes: sumSizes(await modelFiles(folder)),
    facts: await facts,
    license: (await readModelCard(folder)).license,
    problem: null,
  };
}

async function listed(entry: ModelEntry, all: readonly ModelEntry[]): Promise<ListedModel> {
  const { files, trained, ...rest } = entry;
  const { license } = await readModelCard(entry.folder);
  const problem = (await problemOf(entry)) ?? baseProblem(entry, all);
  const listing = { ...rest, bytes: sumSizes(files), license, problem };
  if (trained === undefined) return listing;
  return { ...listing, trained: { ...trained, taught: await taughtOf(entry.folder) } };
}

function baseProblem({ trained }: ModelEntry, all: readonly ModelEntry[]): string | null {
  if (trained === undefined || trained.base === starterName) return null;
  return all.some(({ name }) => name === trained.base)
    ? null
    : `The model that it was trained on, ${trained.base}, is not in the list any more. Add that again.`;
}

/** What to do about a model whose files are not as they were. */
export const remedies: Readonly<Record<ModelEntry['source'], string>> = {
  folder: 'Add the folder again.',
  hub: 'Download it again.',
  address: 'Download it again.',
  trained: 'Train it again, or add its file again.',
};

/** What is wrong with a model as far as a look at its folder tells; null when nothing is. */
export async function problemOf({ folder, files, source }: ModelEntry): Promise<string | null> {
  for (const { name, size } of files) {
    const found = await sizeOf(join(folder, name));
    if (found === size) continue;
    const remedy = remedies[source];
    if (found === null) return `${name} is missing. ${remedy}`;
    const sizes = `${formatBytes(found)} instead of ${formatBytes(size)}`;
    return `${name} has changed (${sizes}). ${remedy}`;
  }
  return null;
}

function unfinished({ origin, name, files, done }: StoppedDownload): UnfinishedDownload {
  const parts = files.map((file, index) => ({
    name: file.name,
    done: done[index],
    total: file.size,
  }));
  return { origin, name, ...totalsOf(parts), files: parts };
}

/** Bytes over all files; the total is null while one of them is unknown. */
export function totalsOf(files: readonly Omit<FileProgress, 'name'>[]): {
  done: number;
  total: number | null;
} {
  let [done, total]: [number, number | null] = [0, 0];
  for (const file of files) {
    done += file.done;
    total = total === null || file.total === null ? null : total + file.total;
  }
  return { done, total: files.length === 0 ? null : total };
}
