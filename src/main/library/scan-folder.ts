import { MedleyError } from '#shared/errors.ts';
import { leaveOut, setMissing } from '#main/store/change-files.ts';
import { importStage } from '#main/store/record-imports.ts';
import type { Store } from '#main/store/store.ts';
import type { FileRow } from '#main/store/tables/files.ts';
import { isImageFormat } from './image-format.ts';
import { isSameFile, KnownFolder } from './known-folder.ts';
import { metadataVersion } from './metadata/photo-metadata.ts';
import { recordProblems } from './record-problems.ts';
import { filesOfFolder, recordVanished } from './record-vanished.ts';
import { sniffFile } from './sniff-file.ts';
import { walkFolder, type FoundFile, type FoundProblem } from './walk.ts';

/** A file to import. */
export type ScannedFile = FoundFile & {
  readonly root: string;
  /** The library has seen another content at this path. */
  readonly changed: boolean;
  /** The content that the library has seen here last. */
  readonly before: string | null;
  /** Files beside it speak of it otherwise than before, so that it is read again though its bytes are known. */
  readonly reread: boolean;
};

export interface ScanOptions {
  /** Yields also what looks unchanged, for changes that left size and times as they were. */
  readonly everyByte?: boolean;
}

export interface ScanCounts {
  /** Picture files met so far. */
  readonly seen: number;
  /** Of those, the ones known already, imported or failed. */
  readonly unchanged: number;
  /** Of those again, the ones that were gone. */
  readonly back: number;
  /** Files and folders that could not be read. */
  readonly failed: number;
  /** Of those seen, the ones that the library has not met at their place before. */
  readonly fresh: number;
  /** Of those seen, the ones known from before that changed, or of which less or more is said. */
  readonly changed: number;
  /** Picture files of the folder that were there before and are not any more; counted at the end. */
  readonly gone: number;
}

const atOnce = 64;

/**
 * Compares a folder of photos with what the library knows of it, and yields the files to import.
 * Unchanged files cost a stat. What cannot be read is recorded as failed, and what Medley does not
 * read as left out. Only when the scan is exhausted are files that vanished recorded as missing:
 * breaking off early changes nothing.
 *
 * @param root Absolute path of the folder.
 * @throws MedleyError `folder-missing` (its files are recorded as unreachable, and none is
 *   forgotten); `file-unreadable`.
 */
export async function* scanFolder(
  store: Store,
  root: string,
  onProgress: (counts: ScanCounts) => void,
  { everyByte = false }: ScanOptions = {},
): AsyncGenerator<ScannedFile, void> {
  const scan = new Scan(store, root, everyByte);
  try {
    for await (const entry of walkFolder(root, store.paths.root)) {
      const file = entry.kind === 'file' ? await scan.meet(entry) : scan.meetProblem(entry);
      onProgress({ ...scan.counts });
      if (file !== null) yield file;
      await scan.write(atOnce);
    }
  } catch (error) {
    if (error instanceof MedleyError && error.code === 'folder-missing') {
      await setMissing(store.tables, filesOfFolder(store, root), 'unreachable');
    }
    throw error;
  }
  const lessSaid = await scan.finish();
  onProgress({ ...scan.counts });
  yield* lessSaid;
}

/** A scan under way. */
class Scan {
  readonly counts = {
    ...{ seen: 0, unchanged: 0, back: 0, failed: 0 },
    ...{ fresh: 0, changed: 0, gone: 0 },
  };
  readonly #store: Store;
  readonly #root: string;
  readonly #everyByte: boolean;
  readonly #known: KnownFolder;
  /** What was met, by path; files that go with others have no entry of their own. */
  readonly #met = new Map<string, FoundFile | null>();
  readonly #problems: FoundProblem[] = [];
  /** Rows to write: of files that are back, and of those left out. */
  readonly #back: FileRow[] = [];
  readonly #leftOut: FileRow[] = [];

  constructor(store: Store, root: string, everyByte: boolean) {
    this.#store = store;
    this.#root = root;
    this.#everyByte = everyByte;
    this.#known = new KnownFolder(root, store.tables.files.all());
  }

  meetProblem(problem: FoundProblem): null {
    this.#met.set(problem.path, null);
    this.#problems.push(problem);
    this.counts.failed += 1;
    return null;
  }

  /** @returns the file if it is to be imported */
  async meet(entry: FoundFile): Promise<ScannedFile | null> {
    this.#met.set(entry.path, entry);
    for (const { path } of entry.attached) this.#met.set(path, null);
    if (!(await this.#isPicture(entry))) return null;
    this.counts.seen += 1;
    if (!this.#isUnchanged(entry)) {
      this.counts[this.#known.get(entry.path)?.role === 'photo' ? 'changed' : 'fresh'] += 1;
      return this.#scanned(entry, this.#known.hasOtherTexts(entry));
    }
    this.counts.unchanged += 1;
    if (this.#known.get(entry.path)?.missing !== null) this.counts.back += 1;
    for (const { path } of [entry, ...entry.attached]) this.#noteBack(path);
    return this.#everyByte ? { ...this.#scanned(entry, false), changed: true } : null;
  }

  /** Writes what has gathered, if that is this much or more. */
  async write(least: number): Promise<void> {
    if (this.#back.length >= least)
      await setMissing(this.#store.tables, this.#back.splice(0), null);
    if (this.#leftOut.length >= least) await leaveOut(this.#store.tables, this.#leftOut.splice(0));
  }

  /** @returns photos to read again, since files that spoke of them are gone */
  async finish(): Promise<ScannedFile[]> {
    await this.write(1);
    await recordProblems(this.#store, this.#root, this.#met, this.#problems);
    const { files } = this.#store.tables;
    const there = filesOfFolder(this.#store, this.#root).filter(
      ({ role, missing }) => role === 'photo' && missing === null,
    );
    const lessSaid = await recordVanished(this.#store, this.#root, this.#met, this.#problems);
    this.counts.gone = there.filter(({ path }) => files.get(path)?.missing !== null).length;
    const again = lessSaid
      .map((path) => this.#met.get(path) ?? null)
      .filter((entry) => entry !== null)
      .map((entry) => this.#scanned(entry, true));
    this.counts.changed += again.length;
    return again;
  }

  /** Whether a file is to be taken for a picture; what is none is noted as left out. */
  async #isPicture(entry: FoundFile): Promise<boolean> {
    const row = this.#known.get(entry.path);
    const isSame = row !== undefined && isSameFile(row, entry) && !this.#everyByte;
    if (isSame && row.role === 'unsupported' && !isReadable(row)) {
      if (row.missing !== null) this.#noteBack(entry.path);
      return false;
    }
    if (entry.isNamedPicture || (isSame && row.role === 'photo')) return true;
    try {
      const kind = await sniffFile(entry.path);
      if (kind !== null && isImageFormat(kind)) return true;
      this.#leftOut.push(leftOutRow(entry, this.#root, kind));
    } catch (error) {
      if (!(error instanceof MedleyError)) throw error;
      this.meetProblem({ kind: 'problem', path: entry.path, error });
    }
    return false;
  }

  #isUnchanged(entry: FoundFile): boolean {
    const row = this.#known.get(entry.path);
    return (
      row !== undefined &&
      row.role === 'photo' &&
      isSameFile(row, entry) &&
      isDone(this.#store, row) &&
      !this.#known.hasOtherFiles(entry)
    );
  }

  #noteBack(path: string): void {
    const row = this.#known.get(path);
    if (row !== undefined && row.missing !== null) this.#back.push({ ...row, root: this.#root });
  }

  #scanned(entry: FoundFile, reread: boolean): ScannedFile {
    const row = this.#known.get(entry.path);
    const changed = row !== undefined && !isSameFile(row, entry);
    return { ...entry, root: this.#root, changed, before: row?.contentId ?? null, reread };
  }
}

/** Whether a file that was left out is of a format that Medley reads by now. */
function isReadable({ kind }: FileRow): boolean {
  return kind !== null && isImageFormat(kind);
}

/** @param kind null for a file that nobody would look for, which is not opened again either */
export function leftOutRow(
  { path, size, mtimeMs, ctimeMs, inode }: Omit<FoundFile, 'kind' | 'isNamedPicture' | 'attached'>,
  root: string,
  kind: string | null,
): FileRow {
  return {
    path,
    root,
    size,
    mtimeMs,
    ctimeMs,
    inode,
    role: 'unsupported',
    partOf: null,
    kind,
    contentId: null,
    assetId: null,
    missing: null,
    missingSince: null,
  };
}

/** Whether everything was read of a file, or it failed and nobody asked to try again. */
function isDone({ tables }: Store, { path, contentId }: FileRow): boolean {
  if (contentId === null) {
    return tables.failures.has({ subject: path, stage: importStage, modelId: null });
  }
  const content = tables.contents.get(contentId);
  return (
    content !== undefined &&
    content.metadataRead &&
    content.metadataVersion === metadataVersion &&
    content.pixels !== null
  );
}
