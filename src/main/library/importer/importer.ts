import { Worker } from 'node:worker_threads';
// Its libraries must be loaded by the main thread before a worker loads them.
import 'sharp';
import { fromErrorShape, messageOf } from '#shared/errors.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import type { KnownPhoto, NewPhoto } from '../import-photo.ts';
import type { ScannedFile } from '../scan-folder.ts';
import type { ImportReply, ImportRequest, ImportThreadData } from './messages.ts';

/** Beside this file, or beside the bundle that holds it. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './import-thread.ts' : './import-thread.js',
  import.meta.url,
);

interface Asked {
  readonly resolve: (reply: ImportReply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Imports photos in a thread of its own, which starts with the first call. Close it, or the program
 * does not end.
 */
export class Importer {
  readonly #paths: LibraryPaths;
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(paths: LibraryPaths) {
    this.#paths = paths;
  }

  /** Why no metadata can be read on this machine (as where Perl is missing); null when it can. */
  async problem(): Promise<string | null> {
    const reply = await this.#ask((id) => ({ kind: 'problem', id }));
    if (reply.kind === 'problem') return reply.problem;
    throw unexpected(reply);
  }

  /** Names the photos that the library has, so that another file of one is not decoded again. */
  know(photoIds: readonly string[]): void {
    this.#send({ kind: 'known', photoIds });
  }

  /**
   * Takes one file in, as `importPhoto` does.
   *
   * @throws MedleyError when the file cannot be imported
   * @throws Error when no file can, as on a full disk
   */
  async import(scanned: ScannedFile, minSide: number): Promise<KnownPhoto | NewPhoto> {
    const reply = await this.#ask((id) => ({ kind: 'import', id, scanned, minSide }));
    if (reply.kind === 'imported') return reply.photo;
    throw unexpected(reply);
  }

  /** Ends the thread; what it was asked for and has not done is rejected. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    this.#send({ kind: 'close' });
    await gone;
  }

  #ask(request: (id: number) => ImportRequest): Promise<ImportReply> {
    const id = ++this.#lastId;
    const answered = new Promise<ImportReply>((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
    });
    this.#send(request(id));
    return answered;
  }

  #send(request: ImportRequest): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const workerData: ImportThreadData = { paths: this.#paths };
    const worker = new Worker(entry, { workerData });
    worker.on('message', (reply: ImportReply) => {
      const asked = this.#asked.get(reply.id);
      this.#asked.delete(reply.id);
      asked?.resolve(reply);
    });
    let reason = 'it ended';
    worker.on('error', (error) => {
      reason = messageOf(error);
    });
    worker.on('exit', () => {
      this.#worker = null;
      const stopped = new Error(`The thread that imports photos has stopped: ${reason}`);
      for (const { reject } of this.#asked.values()) reject(stopped);
      this.#asked.clear();
    });
    return worker;
  }
}

function unexpected(reply: ImportReply): Error {
  if (reply.kind === 'failed') return fromErrorShape(reply.error);
  return new Error(reply.kind === 'broken' ? reply.message : `not asked for: ${reply.kind}`);
}
