import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { ModelFacts } from '#shared/schemas/models.ts';
import type { DownloadPhase, FileProgress } from '#shared/schemas/tasks.ts';
import { requireBlip } from './blip-config.ts';
import { readFacts } from './facts.ts';
import { requireSpace, type FreeBytes } from './free-space.ts';
import { sha256OfFile } from './hash-file.ts';
import type { Hub } from './hub/endpoint.ts';
import { fetchFile } from './hub/fetch-file.ts';
import type { RemoteFile, RemoteModel } from './hub/remote-file.ts';
import { isWhole } from './hub/is-whole.ts';
import { lookUpModel, nameSource } from './hub/remote-model.ts';
import type { Pause } from './hub/retry.ts';
import { problemOf } from './list-models.ts';
import type { FileRecord, ModelEntry } from './model-entry.ts';
import { lockModel, type ModelsHome } from './models-home.ts';
import { freeName } from './names.ts';
import {
  bytesThere,
  moveIntoPlace,
  openStaging,
  renameIfThere,
  sizeOf,
  stagingFolder,
  tidyStaging,
} from './staging.ts';

/** How far a download is. */
export interface DownloadProgress {
  readonly phase: DownloadPhase;
  readonly files: readonly FileProgress[];
}

export interface DownloadOptions {
  /** A hub id, or the address of an original `.pth` file. */
  readonly source: string;
  /** Branch, tag or commit; left out, the main branch. */
  readonly revision?: string | undefined;
  readonly hub: Hub;
  readonly signal: AbortSignal;
  onProgress(progress: DownloadProgress): void;
  readonly free?: FreeBytes;
  readonly wait?: Pause;
  /** A connection that is silent this long counts as broken. */
  readonly silenceMs?: number;
}

/**
 * Downloads a model into `home` and adds it to the list. What was fetched before, by whichever
 * process, is not fetched again. The model is listed once every file is what the hub says, and the
 * checkpoint opens.
 *
 * @throws MedleyError `bad-request`, `offline`, `download-failed`, `disk-full`, `model-busy`,
 *   `checkpoint-invalid`; the signal's reason
 */
export async function downloadModel(
  home: ModelsHome,
  options: DownloadOptions,
): Promise<ModelEntry> {
  const { folderName, origin } = nameSource(options.source);
  await mkdir(home.folder, { recursive: true });
  const lock = await lockModel(home, folderName, origin);
  try {
    options.onProgress({ phase: 'listing', files: [] });
    const remote = await lookUpModel(options.hub, options);
    const known = (await home.registry.read()).find((entry) => entry.origin === remote.origin);
    const current = known !== undefined && known.revision === remote.revision;
    if (current && (await problemOf(known)) === null) return known;
    const folder = join(home.folder, folderName);
    const staging = stagingFolder(home.folder, folderName);
    // A model that lost a file, or was never listed for a crash: what is good of it is kept.
    if (current || known === undefined) await reuse(folder, staging);
    await openStaging(staging, remote, options.revision ?? null);
    const whole = await fetchInto(staging, remote, options);
    await moveIntoPlace(staging, folder);
    return await list(home, { ...whole, remote, folder });
  } finally {
    await lock.release();
  }
}

async function reuse(folder: string, staging: string): Promise<void> {
  const begun = (await sizeOf(join(staging, 'download.json'))) !== null;
  if (!begun) await renameIfThere(folder, staging);
}

interface Whole {
  readonly files: readonly FileRecord[];
  readonly facts: ModelFacts;
}

/** Fetches and opens a model. What cannot be used leaves nothing behind. */
async function fetchInto(
  staging: string,
  remote: RemoteModel,
  options: DownloadOptions,
): Promise<Whole> {
  try {
    const files = await new StagedDownload(remote, staging, options).run();
    await tidyStaging(staging, new Set(files.map(({ name }) => name)));
    const facts = await readFacts(staging).catch((error: unknown) => {
      throw unusable(remote.origin, error);
    });
    return { files, facts };
  } catch (error) {
    const useless = error instanceof MedleyError && error.code === 'checkpoint-invalid';
    if (useless) await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

async function list(
  { registry }: ModelsHome,
  { remote, folder, files, facts }: Whole & { remote: RemoteModel; folder: string },
): Promise<ModelEntry> {
  const { origin, revision } = remote;
  return registry.put(
    (entry) => entry.origin === origin,
    (others) => ({
      name: freeName(others, [remote.name, remote.folderName]),
      folder,
      source: revision === null ? 'address' : 'hub',
      origin,
      revision,
      addedAt: new Date().toISOString(),
      files: [...files],
      facts,
    }),
  );
}

function unusable(origin: string, error: unknown): MedleyError {
  return new MedleyError(
    'checkpoint-invalid',
    `${origin} arrived whole, but Medley cannot use it: ${messageOf(error)}`,
    { subject: origin, cause: error },
  );
}

/** The files of one model on their way into one folder. */
class StagedDownload {
  readonly #remote: RemoteModel;
  readonly #folder: string;
  readonly #options: DownloadOptions;
  readonly #files: FileProgress[];

  constructor(remote: RemoteModel, folder: string, options: DownloadOptions) {
    this.#remote = remote;
    this.#folder = folder;
    this.#options = options;
    this.#files = remote.files.map(({ name, size }) => ({ name, done: 0, total: size }));
  }

  async run(): Promise<FileRecord[]> {
    for (const file of this.#files) file.done = await bytesThere(this.#folder, file.name);
    // The true size, before the first byte: until now a person has seen an estimate.
    this.#tell('fetching');
    const missing = this.#files.map(({ done, total }) => Math.max(0, (total ?? 0) - done));
    const needed = missing.reduce((sum, bytes) => sum + bytes, 0);
    await requireSpace(this.#folder, needed, this.#options.free);
    const records: FileRecord[] = [];
    for (const [index, file] of this.#remote.files.entries()) {
      records.push((await this.#recordOfWhole(file, index)) ?? (await this.#fetch(file, index)));
      if (file.name === 'config.json') await this.#requireBlip();
    }
    this.#tell('checking');
    return records;
  }

  /** The record of a file that is there already, as it should be; else it is thrown away. */
  async #recordOfWhole(file: RemoteFile, index: number): Promise<FileRecord | null> {
    const path = join(this.#folder, file.name);
    const size = await sizeOf(path);
    if (size === null) return null;
    this.#tell('checking');
    const sha256 = await sha256OfFile(path, { signal: this.#options.signal });
    const record = { name: file.name, size, sha256 };
    if (await isWhole(path, record, file)) return record;
    await rm(path);
    this.#files[index].done = 0;
    return null;
  }

  #fetch(file: RemoteFile, index: number): Promise<FileRecord> {
    const { hub, signal, wait, silenceMs } = this.#options;
    const onBytes = (bytes: number) => {
      this.#files[index].done = bytes;
      this.#tell('fetching');
    };
    return fetchFile(file, this.#folder, { hub, signal, onBytes, wait, silenceMs });
  }

  async #requireBlip(): Promise<void> {
    const text = await readFile(join(this.#folder, 'config.json'), 'utf8');
    requireBlip(text, this.#remote.origin);
  }

  #tell(phase: DownloadPhase): void {
    this.#options.onProgress({ phase, files: this.#files.map((file) => ({ ...file })) });
  }
}
