import { availableParallelism } from 'node:os';
import type { Pixels } from '#main/med/photo-input.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import type { KnownPhoto } from '../import-photo.ts';
import type { ScannedFile } from '../scan-folder.ts';
import type { ImportedPhoto, Sides } from './messages.ts';
import { ThreadHandle } from './thread-handle.ts';

/** A thread resizes some 60 photos a second for BLIP, and has an exiftool of its own. */
const threadCount = Math.min(8, Math.max(1, Math.floor(availableParallelism() / 2)));
/** Files a thread is given ahead: it is given more between two runs of the model only. */
const aheadOfThread = 32;

/**
 * Imports photos in threads of its own, which start with the first call; one that died is replaced.
 * Close it, or the program does not end.
 */
export class Importer {
  /** Imports to ask for at once. */
  readonly ahead = threadCount * aheadOfThread;
  readonly #paths: LibraryPaths;
  #threads: readonly ThreadHandle[] = [];
  #closed = false;

  constructor(paths: LibraryPaths) {
    this.#paths = paths;
  }

  /** Why no metadata can be read on this machine (as where Perl is missing); null when it can. */
  async problem(): Promise<string | null> {
    const reply = await this.#idlest().ask((id) => ({ kind: 'problem', id }));
    if (reply.kind === 'problem') return reply.problem;
    throw new TypeError(`not asked for: ${reply.kind}`);
  }

  /** Names the photos that the library has, so that another file of one is not decoded again. */
  know(photoIds: readonly string[]): void {
    for (const thread of this.#started()) thread.tell({ kind: 'known', photoIds });
  }

  /**
   * Takes one file in, as `importPhoto` does, and makes its squares.
   *
   * @returns null when it was dropped
   * @throws MedleyError when the file cannot be imported
   * @throws Error when no file can, as on a full disk
   */
  async import(scanned: ScannedFile, sides: Sides): Promise<KnownPhoto | ImportedPhoto | null> {
    const reply = await this.#idlest().ask((id) => ({ kind: 'import', id, scanned, sides }));
    if (reply.kind === 'imported') return reply.photo;
    if (reply.kind === 'dropped') return null;
    throw new TypeError(`not asked for: ${reply.kind}`);
  }

  /** Leaves the imports that have not begun: of those asked for ahead, that is most. */
  drop(): void {
    for (const thread of this.#threads) thread.tell({ kind: 'drop' });
  }

  /**
   * The squares of a picture file, as its import made them.
   *
   * @throws MedleyError when it cannot be decoded
   */
  async squares(path: string, sides: Sides): Promise<readonly Pixels[]> {
    const reply = await this.#idlest().ask((id) => ({ kind: 'squares', id, path, sides }));
    if (reply.kind === 'squares') return reply.squares;
    throw new TypeError(`not asked for: ${reply.kind}`);
  }

  /** Ends the threads; what they were asked for and have not done is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #started(): readonly ThreadHandle[] {
    // A search that is still under way must not start them again.
    if (this.#closed) throw new Error('Photos are not imported any more.');
    const data = { paths: this.#paths };
    this.#threads = Array.from({ length: threadCount }, (_, i) => {
      const thread = this.#threads.at(i);
      return thread?.running ? thread : new ThreadHandle(data);
    });
    return this.#threads;
  }

  #idlest(): ThreadHandle {
    return this.#started().reduce((best, thread) => (thread.load < best.load ? thread : best));
  }
}
