import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { asDiskFull } from '#main/files/disk-full.ts';
import { syncFile, syncFolder } from '#main/files/sync.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import type { Journal } from '../tables/journal.ts';
import { hashOf, unlessMissing, type FileState } from './file-state.ts';
import { WrittenBefore } from './written-facts.ts';

const Folders = z.array(z.string());
/** The folders in which a batch that is under way has temporary files. */
const foldersFile = 'folders.json';

/** Where the previous bytes of files lie: `undo/BATCH/NUMBER` in the library folder. */
export class UndoFolder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The file that a journal row names. */
  pathOf(kept: string): string {
    return join(this.#root, kept);
  }

  /** Begins a batch that will write in these folders. */
  async begin(batchId: string, folders: readonly string[]): Promise<void> {
    await mkdir(join(this.#root, batchId), { recursive: true });
    await writeWhole(join(this.#root, batchId, foldersFile), JSON.stringify(folders));
  }

  /** Ends it: no temporary file of it is left. */
  async end(batchId: string): Promise<void> {
    await rm(join(this.#root, batchId, foldersFile), { force: true });
  }

  /** The name that a batch writes a file under, hidden and beside it, until it is whole. */
  temporaryName(batchId: string, number: number): string {
    return `.medley-${batchId}-${number}.tmp`;
  }

  /**
   * Keeps the bytes of a file: by another name of it where that can be, since then they need no room.
   *
   * @returns how the journal names them
   * @throws MedleyError `disk-full`
   */
  async keep(batchId: string, number: number, path: string, state: FileState): Promise<string> {
    const kept = join(batchId, String(number));
    const target = this.pathOf(kept);
    // Of a file with other names, somebody may write into the same bytes.
    if (state.names === 1 && (await isLinked(path, target))) return kept;
    try {
      await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      await utimes(target, state.mtimeMs / 1000, state.mtimeMs / 1000);
      await syncFile(target);
    } catch (error) {
      throw asDiskFull(error, target);
    }
    if ((await hashOf(target)) !== state.hash) throw new Error('it changed while it was copied');
    return kept;
  }

  /** Puts the names of what was kept on the disk, before anything takes the place of it. */
  async settle(batchId: string): Promise<void> {
    await syncFolder(join(this.#root, batchId));
  }

  /** Deletes what batches left behind that were cut short: temporary files, and bytes that no row names. */
  async sweep(journal: Journal): Promise<void> {
    for (const batchId of await this.#batches()) {
      const folders = await this.#unfinished(batchId);
      if (folders === null) continue;
      for (const folder of folders) await removeTemporaries(folder, batchId);
      const rows = await journal.ofBatch(batchId);
      const named = new Set(
        rows.flatMap(({ before }) => WrittenBefore.safeParse(before).data?.kept ?? []),
      );
      for (const name of await readdir(join(this.#root, batchId))) {
        const kept = join(batchId, name);
        if (!named.has(kept)) await rm(this.pathOf(kept), { force: true });
      }
    }
  }

  /** Deletes the bytes of batches that the journal has forgotten. */
  async prune(journal: Journal): Promise<void> {
    const batches = await this.#batches();
    const known = new Set(
      (await journal.table.find('batchId', batches)).map(({ batchId }) => batchId),
    );
    for (const batchId of batches.filter((id) => !known.has(id))) {
      if ((await this.#unfinished(batchId)) !== null) continue;
      await rm(join(this.#root, batchId), { recursive: true, force: true });
    }
  }

  async #batches(): Promise<string[]> {
    return (await readdir(this.#root).catch(unlessMissing)) ?? [];
  }

  /** The folders that a batch writes in; null for one that has ended. */
  async #unfinished(batchId: string): Promise<readonly string[] | null> {
    const path = join(this.#root, batchId, foldersFile);
    const text = await readFile(path, 'utf8').catch(unlessMissing);
    return text === null ? null : Folders.parse(JSON.parse(text));
  }
}

async function isLinked(path: string, target: string): Promise<boolean> {
  try {
    await link(path, target);
    // Some file systems make a copy of it.
    return (await stat(target)).ino === (await stat(path)).ino;
  } catch {
    await rm(target, { force: true });
    return false;
  }
}

async function removeTemporaries(folder: string, batchId: string): Promise<void> {
  const names = (await readdir(folder).catch(unlessMissing)) ?? [];
  const left = names.filter((name) => name.startsWith(`.medley-${batchId}-`));
  for (const name of left) await rm(join(folder, name), { force: true });
}
