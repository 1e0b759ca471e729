import { availableParallelism } from 'node:os';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import type { Sides } from '#main/med/preprocess/square.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import type { PreparedPhoto } from '../import-photo.ts';
import { nothingKnown, type Knowledge } from '../known-contents.ts';
import type { ScannedFile } from '../scan-folder.ts';
import { ThreadHandle } from './thread-handle.ts';

/** A thread resizes some 60 photos a second for BLIP, and has an exiftool of its own. */
const threadCount = Math.min(8, Math.max(1, Math.floor(availableParallelism() / 2)));
/** Files a thread is given ahead: it is given more between two runs of the model only. */
const aheadOfThread = 32;

/**
 * Imports photos in threads of its own. One starts when all before it have something to do, also in
 * the place of one that died. Close it, or the program does not end.
 */
export class Importer {
  /** Imports to ask for at once. */
  readonly ahead = threadCount * aheadOfThread;
  readonly #paths: LibraryPaths;
  #threads: ThreadHandle[] = [];
  #known: Knowledge = nothingKnown;
  readonly #onProblem: (message: string) => void;
  #told = false;
  #closed = false;

  /** @param onProblem hears once why photos come without their metadata (as where Perl is missing). */
  constructor(paths: LibraryPaths, onProblem: (message: string) => void) {
    this.#paths = paths;
    this.#onProblem = onProblem;
  }

  /** Names what the library has, so that another file of a photo is not decoded again. */
  know(knowledge: Knowledge): void {
    this.#known = knowledge;
    for (const thread of this.#threads) thread.tell({ kind: 'known', knowledge });
  }

  /**
   * Takes one file in, as `importPhoto` does, and makes its squares.
   *
   * @returns null when it was dropped
   * @throws MedleyError when the file cannot be imported
   * @throws Error when no file can, as on a full disk
   */
  async import(scanned: ScannedFile, sides: Sides): Promise<PreparedPhoto | null> {
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

  #idlest(): ThreadHandle {
    // A search that is still under way must not start one again.
    if (this.#closed) throw new Error('Photos are not imported any more.');
    this.#threads = this.#threads.filter(({ running }) => running);
    const isFree = this.#threads.some(({ load }) => load === 0);
    if (!isFree && this.#threads.length < threadCount) this.#threads.push(this.#start());
    return this.#threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }

  #start(): ThreadHandle {
    const thread = new ThreadHandle({ paths: this.#paths }, (message) => {
      if (!this.#told) this.#onProblem(message);
      this.#told = true;
    });
    thread.tell({ kind: 'known', knowledge: this.#known });
    return thread;
  }
}
