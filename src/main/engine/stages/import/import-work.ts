import { MedleyError, messageOf, type ErrorCode } from '#shared/errors.ts';
import { fileFacts } from '#main/library/import-photo.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import { isImageFormat } from '#main/library/image-format.ts';
import {
  scanFolder,
  type ScanCounts,
  type ScannedFile,
  type ScanOptions,
} from '#main/library/scan-folder.ts';
import { sniffFile } from '#main/library/sniff-file.ts';
import type { Sides } from '#main/med/preprocess/square.ts';
import type { ImportedFile } from '#main/store/imported-file.ts';
import type { Store } from '#main/store/store.ts';
import type { Progress } from '../../progress/progress.ts';
import { BatchWriter } from '../../work/batch-writer.ts';
import type { PixelSource } from '../../work/pixel-source.ts';
import { WakeUp } from '../../work/wake-up.ts';
import { importing } from './import-words.ts';
import { libraryKnowledge } from './library-knowledge.ts';

/** What is no fault of the photo. */
const ofTheLibrary: readonly ErrorCode[] = ['disk-full', 'folder-read-only'];

export interface ImportWorkOptions {
  readonly store: Store;
  readonly importer: Importer;
  readonly pixels: PixelSource;
  readonly progress: Progress;
  /** What the model wants to see, once it is known; nothing when no model will see the photos. */
  readonly sides: () => Promise<Sides>;
  /** Photos with these pictures are recorded now. */
  readonly onPictures: (pictureIds: string[]) => void;
  /** Photos are on show again that were gone, and were not imported again. */
  readonly onBack: () => void;
  /** A folder was walked to its end. */
  readonly onWalked: (folder: string) => void;
  /** A folder that could not be walked, as when its disk is not connected. */
  readonly onProblem: (message: string) => void;
  readonly onChange: () => void;
}

/** What the last walk of a folder met. */
export interface WalkReport extends ScanCounts {
  /** When it came to its end; null where it has not, or every byte is yet to tell what has changed. */
  readonly endedAt: Date | null;
}

/**
 * Walks the folders asked for and imports what is new or changed there. What is left undone when
 * the engine dies is found again by the next walk.
 */
export class ImportWork {
  /** By folder. */
  readonly reports = new Map<string, WalkReport>();
  readonly #options: ImportWorkOptions;
  readonly #writer: BatchWriter<ImportedFile>;
  /** Folders to walk, and how. */
  readonly #folders = new Map<string, ScanOptions>();
  /** Files waiting, by path: a second walk finds the same ones. */
  readonly #queue = new Map<string, ScannedFile>();
  /**
   * Files that held something else before, by path. They come after all others: by then it is known
   * whether what they held lies somewhere else now.
   */
  readonly #changed = new Map<string, ScannedFile>();
  readonly #importing = new Set<ScannedFile>();
  /** There is more to import, or there will not be. */
  readonly #arrival = new WakeUp();
  /** Files done that are not on disk yet. */
  #unrecorded = 0;
  #running = false;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: ImportWorkOptions) {
    this.#options = options;
    this.#writer = new BatchWriter((batch) => this.#record(batch));
  }

  /** Asks for a walk of the folder. */
  scan(folder: string, options: ScanOptions = {}): void {
    const asked = this.#folders.get(folder);
    const isMore = options.everyByte === true && asked?.everyByte !== true;
    if (asked === undefined || isMore) this.#folders.set(folder, options);
  }

  /** Drops what waits of a folder; what is under way there is recorded once {@link settled}. */
  leave(folder: string): void {
    this.#folders.delete(folder);
    this.reports.delete(folder);
    for (const queue of [this.#queue, this.#changed]) {
      for (const [path, file] of queue) if (file.root === folder) queue.delete(path);
    }
    for (const file of this.#importing) if (file.root === folder) this.#importing.delete(file);
  }

  /** Drops everything that waits. */
  clear(): void {
    this.#folders.clear();
    this.#queue.clear();
    this.#changed.clear();
    this.#importing.clear();
  }

  /** Resolves when the run under way has come to its end. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** Whether folders are still to be walked, so that nobody knows how much there is. */
  get walking(): boolean {
    return this.#folders.size > 0;
  }

  /** Files to import. */
  get waiting(): number {
    return this.#queue.size + this.#changed.size + this.#importing.size;
  }

  /** Files on their way into the library. */
  get coming(): number {
    return this.waiting + this.#unrecorded;
  }

  /** Whether photos may still come. */
  get active(): boolean {
    return this.#running || this.walking || this.waiting > 0;
  }

  /**
   * Works until nothing is left or `signal` stops it; then all that was done is on disk.
   * @throws what a failed write of the library threw; the next walk finds what it lost.
   */
  async run(signal: AbortSignal): Promise<void> {
    const run = this.#run(signal);
    this.#settled = run.catch(() => undefined);
    await run;
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#running = true;
    const { store, importer } = this.#options;
    importer.know(libraryKnowledge(store.tables));
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const stop = () => {
      importer.drop();
      this.#arrival.now();
    };
    either.addEventListener('abort', stop, { once: true });
    try {
      await this.#inParts(either, failed, [this.#walkAll(either)]);
      if (either.aborted || this.#changed.size === 0) return;
      // Their turn: everything new is recorded.
      for (const [path, file] of this.#changed) this.#queue.set(path, file);
      this.#changed.clear();
      await this.#inParts(either, failed, []);
    } finally {
      this.#running = false;
    }
  }

  /** Imports what is queued, and what comes to the queue while some parts go on. */
  async #inParts(
    signal: AbortSignal,
    failed: AbortController,
    parts: Promise<void>[],
  ): Promise<void> {
    for (let i = 0; i < this.#options.importer.ahead; i++) parts.push(this.#work(signal));
    // One part that fails stops the others, and each of them finishes what it holds.
    for (const part of parts) part.catch(() => failed.abort());
    for (const settled of await Promise.allSettled(parts)) {
      if (settled.status === 'rejected') throw settled.reason;
    }
    await this.#writer.flush();
  }

  async #walkAll(signal: AbortSignal): Promise<void> {
    for (const [folder, options] of askedFor(this.#folders)) {
      try {
        await this.#walk(folder, options, signal);
      } catch (error) {
        this.#options.onProblem(messageOf(error));
      }
      // A walk that was broken off is walked again.
      if (signal.aborted) return;
      // Meanwhile somebody may have asked for more.
      if (this.#folders.get(folder) === options) this.#folders.delete(folder);
      this.#arrival.now();
      this.#options.onChange();
    }
  }

  async #walk(folder: string, options: ScanOptions, signal: AbortSignal): Promise<void> {
    const { store, onBack, onWalked, onChange } = this.#options;
    const onProgress = (counts: ScanCounts) => {
      this.reports.set(folder, { ...counts, endedAt: null });
      onChange();
    };
    for await (const file of scanFolder(store, folder, onProgress, options)) {
      if (signal.aborted) return;
      const queue = file.changed ? this.#changed : this.#queue;
      queue.set(file.path, file);
      this.#arrival.now();
    }
    const report = this.reports.get(folder);
    if (report === undefined) return;
    this.reports.set(folder, { ...report, endedAt: options.everyByte ? null : new Date() });
    onWalked(folder);
    if (report.back > 0) onBack();
  }

  /** Imports files from the queue until it is empty and nothing fills it any more. */
  async #work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [next] = this.#queue.values();
      if (next) await this.#importNext(next, signal);
      else if (this.walking) await this.#arrival.next();
      else return;
    }
  }

  async #importNext(file: ScannedFile, signal: AbortSignal): Promise<void> {
    const { progress, onChange } = this.#options;
    this.#queue.delete(file.path);
    this.#importing.add(file);
    try {
      const imported = await this.#import(file, signal);
      if (imported === null) {
        // It waits on, unless what waits was dropped meanwhile.
        if (this.#importing.has(file)) this.#queue.set(file.path, file);
        return;
      }
      this.#unrecorded++;
      this.#writer.add(imported);
      if (imported.kind === 'failed') progress.failed(importing.name, 1);
    } finally {
      this.#importing.delete(file);
      onChange();
    }
  }

  /** @returns null where it was stopped before it began. */
  async #import(file: ScannedFile, signal: AbortSignal): Promise<ImportedFile | null> {
    const { importer, pixels, progress } = this.#options;
    const sides = await this.#options.sides();
    const release = await pixels.room(sides);
    try {
      // There may be room only because the library closes.
      if (signal.aborted) return null;
      const start = performance.now();
      const photo = await importer.import(file, sides);
      if (photo === null) return null;
      if (photo.seen !== null && sides.length > 0) {
        const { pictureId, squares } = photo.seen;
        pixels.handOver(pictureId, { sides, squares });
      }
      // Those under way at once share the time; none is counted any more once all were dropped.
      const atOnce = Math.max(1, this.#importing.size);
      progress.done(importing.name, 1, (performance.now() - start) / atOnce);
      return photo.imported;
    } catch (error) {
      if (!(error instanceof MedleyError) || ofTheLibrary.includes(error.code)) throw error;
      return await notImported(file, error);
    } finally {
      release();
    }
  }

  async #record(batch: readonly ImportedFile[]): Promise<void> {
    const { store, onPictures, onChange } = this.#options;
    const isStale = (path: string) => this.#queue.has(path) || this.#changed.has(path);
    const pictures = await store.addImports(batch, isStale);
    this.#unrecorded -= batch.length;
    onPictures(pictures);
    onChange();
  }
}

/** Entries of a map, the first one again and again until it is gone. */
function* askedFor<Value>(folders: ReadonlyMap<string, Value>): Generator<[string, Value]> {
  for (let [next] = folders; next !== undefined; [next] = folders) yield next;
}

/** What is told of a file that cannot be imported: what it is, or why it cannot be read. */
async function notImported(scanned: ScannedFile, error: MedleyError): Promise<ImportedFile> {
  const file = fileFacts(scanned);
  if (error.code === 'image-unsupported') {
    const kind = await sniffFile(scanned.path).catch(() => null);
    if (kind !== null && kind !== 'unknown' && !isImageFormat(kind)) {
      return { kind: 'unsupported', file, is: kind };
    }
  }
  return { kind: 'failed', file, error };
}
