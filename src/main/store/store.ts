import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { connect } from '@lancedb/lancedb';
import type { Connection } from '@lancedb/lancedb';
import { lockFile } from '#main/files/process-lock.ts';
import type { ProcessLock } from '#main/files/process-lock.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Timeline } from '#shared/schemas/photos.ts';
import { CaptionTable } from './caption-table.ts';
import type { CaptionRow } from './caption-table.ts';
import { FileTable } from './file-table.ts';
import type { FileRow } from './file-table.ts';
import { libraryPaths } from './library-paths.ts';
import type { LibraryPaths } from './library-paths.ts';
import { migrations } from './migrations.ts';
import { PhotoTable } from './photo-table.ts';
import type { PhotoRow } from './photo-table.ts';
import { migrateLibrary } from './schema-version.ts';
import { VectorTable } from './vector-table.ts';
import type { Neighbour } from './vector-table.ts';

/** What importing some files brought. */
export interface ImportBatch {
  readonly files: readonly FileRow[];
  readonly photos: readonly PhotoRow[];
  readonly captions: readonly CaptionRow[];
}

interface Tables {
  readonly files: FileTable;
  readonly photos: PhotoTable;
  readonly captions: CaptionTable;
}

/** An open library. One process holds it at a time. */
export class Store {
  readonly paths: LibraryPaths;
  readonly files: FileTable;
  readonly photos: PhotoTable;
  readonly captions: CaptionTable;
  readonly #database: Connection;
  readonly #lock: ProcessLock;
  readonly #vectors = new Map<string, Promise<VectorTable>>();

  constructor(paths: LibraryPaths, lock: ProcessLock, database: Connection, tables: Tables) {
    this.paths = paths;
    this.#lock = lock;
    this.#database = database;
    this.files = tables.files;
    this.photos = tables.photos;
    this.captions = tables.captions;
  }

  /** The embeddings of one model, `size` numbers each. */
  async vectors(modelId: string, size: number): Promise<VectorTable> {
    const opened = this.#vectors.get(modelId) ?? VectorTable.open(this.#database, modelId, size);
    this.#vectors.set(modelId, opened);
    return await opened;
  }

  /**
   * Records imported files. Whatever moment the process is killed at, repeating the import ends
   * the same: a file counts as imported last, after the photo and captions it brought.
   */
  async addImports(batch: ImportBatch): Promise<void> {
    await this.captions.append(batch.captions);
    await this.photos.append(batch.photos);
    await this.files.put(batch.files);
  }

  /** Ids of the photos on show that are not in `done`: the work left of a stage. */
  photosWithout(done: ReadonlySet<string>): string[] {
    return [...this.files.photoIds()].filter((id) => !done.has(id) && this.photos.has(id));
  }

  /** Every photo on show, newest capture first; among equals in the order of ids. */
  async timeline(): Promise<Timeline> {
    const { ids, widths, heights, taken, colours } = await this.photos.columns();
    const order: number[] = [];
    for (let i = 0; i < ids.length; i += 1) if (this.files.hasPhoto(ids[i])) order.push(i);
    order.sort((a, b) => taken[b] - taken[a] || (ids[a] < ids[b] ? -1 : 1));
    return {
      ids: order.map((i) => ids[i]),
      ratios: order.map((i) => widths[i] / heights[i]),
      taken: order.map((i) => taken[i]),
      colours: order.map((i) => colours[i]),
    };
  }

  /** The `limit` photos on show that are nearest to `vector`, nearest first. */
  async nearest(vectors: VectorTable, vector: Float32Array, limit: number): Promise<Neighbour[]> {
    const hidden = this.photos.count - this.files.photoCount;
    const found = await vectors.nearest(vector, limit + Math.max(0, hidden));
    return found.filter(({ photoId }) => this.files.hasPhoto(photoId)).slice(0, limit);
  }

  /** Compacts every table; for idle moments. */
  async optimize(): Promise<void> {
    for (const table of await this.#tables()) await table.optimize(false);
  }

  /** Finishes the writes under way and lets go of the library. */
  async close(): Promise<void> {
    try {
      for (const table of await this.#tables()) await table.close();
      this.#database.close();
    } finally {
      await this.#lock.release();
    }
  }

  async #tables() {
    const vectors = await Promise.all(this.#vectors.values());
    return [this.files, this.photos, this.captions, ...vectors];
  }
}

/**
 * Opens a library folder, creating it where it is missing.
 *
 * @throws MedleyError `library-locked` (another process has it), `library-newer` (a newer Medley
 *   wrote it), `file-unreadable` (its `library.json` is damaged).
 */
export async function openStore(folder: string): Promise<Store> {
  const paths = libraryPaths(resolve(folder));
  await mkdir(paths.root, { recursive: true });
  const lock = await lockFile(paths.lock, (holder) => libraryLocked(paths.lock, holder));
  try {
    const database = await connect(paths.database);
    await migrateLibrary(paths.manifest, database, migrations);
    const tables = {
      files: await FileTable.open(database),
      photos: await PhotoTable.open(database),
      captions: await CaptionTable.open(database),
    };
    // A killed process leaves files of writes that were never committed.
    if (lock.afterCrash) for (const table of Object.values(tables)) await table.optimize(true);
    return new Store(paths, lock, database, tables);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function libraryLocked(subject: string, holder: string): MedleyError {
  return new MedleyError(
    'library-locked',
    `The library is in use by ${holder}. Close the other Medley, or choose another library folder.`,
    { subject },
  );
}
