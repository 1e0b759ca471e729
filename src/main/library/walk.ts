import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { hasPictureName } from './image-format.ts';
import { readingFailed } from './reading-failed.ts';

export interface FoundFile {
  readonly kind: 'file';
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Device, inode and birth time, which together name one file for its life; null where the disk has none. */
  readonly inode: string | null;
}

/** A file or folder that could not be read. */
export interface FoundProblem {
  readonly kind: 'problem';
  readonly path: string;
  readonly error: MedleyError;
}

export type Found = FoundFile | FoundProblem;

/** Folders that systems and network disks keep for themselves; hidden ones are skipped anyway. */
const skippedFolders = new Set([
  '@eaDir',
  '#recycle',
  '#snapshot',
  '$RECYCLE.BIN',
  'System Volume Information',
  'lost+found',
  '__MACOSX',
]);
const STATS_AT_ONCE = 64;

interface Folder {
  readonly path: string;
  readonly isLink: boolean;
}

/**
 * Every picture file below `root`, folder by folder in the order of names. Links to folders are
 * followed after all real folders, and each real folder is entered once. Hidden entries and
 * `libraryFolder` are skipped.
 *
 * @throws MedleyError `folder-missing` or `file-unreadable` when `root` itself cannot be read.
 */
export async function* walkPictures(root: string, libraryFolder: string): AsyncGenerator<Found> {
  const library = await realpath(libraryFolder).catch(() => libraryFolder);
  const entered = new Set<string>();
  const folders: Folder[] = [{ path: root, isLink: false }];
  const links: Folder[] = [];
  await requireFolder(root);
  for (let next = folders.pop(); next !== undefined; next = folders.pop() ?? links.shift()) {
    const gate = await enter(next, entered, library);
    if (gate !== 'open') {
      if (gate !== 'closed') yield gate;
      continue;
    }
    const listing = await list(next.path);
    if (!Array.isArray(listing)) {
      yield listing;
      continue;
    }
    const inside = sortEntries(next.path, listing);
    for (const problem of inside.problems) yield problem;
    for (let start = 0; start < inside.files.length; start += STATS_AT_ONCE) {
      yield* (
        await Promise.all(inside.files.slice(start, start + STATS_AT_ONCE).map(statFile))
      ).filter((found) => found !== null);
    }
    // A stack: the last pushed comes out first.
    folders.push(...inside.folders.reverse());
    links.push(...(await linkedFolders(inside.links)));
  }
}

async function requireFolder(root: string): Promise<void> {
  try {
    if ((await stat(root)).isDirectory()) return;
  } catch (error) {
    const failure = readingFailed(root, error);
    if (failure.code !== 'file-missing') throw failure;
  }
  throw new MedleyError(
    'folder-missing',
    `There is no folder ${root}. Connect its disk, or choose another folder.`,
    { subject: root },
  );
}

/** Decides whether to go into a folder: not twice, and not into the library's own. */
async function enter(
  folder: Folder,
  entered: Set<string>,
  library: string,
): Promise<'open' | 'closed' | FoundProblem> {
  try {
    const real = await realpath(folder.path);
    if (real === library) return 'closed';
    if (folder.isLink && holds(real, await realpath(dirname(folder.path)))) {
      return problem(folder.path, loopError(folder.path));
    }
    const { dev, ino } = await stat(real, { bigint: true });
    const identity = `${dev}:${ino}`;
    if (entered.has(identity)) return 'closed';
    entered.add(identity);
    return 'open';
  } catch (error) {
    return problem(folder.path, readingFailed(folder.path, error));
  }
}

/** Whether `inner` is `folder` or lies in it. Both are real paths. */
function holds(folder: string, inner: string): boolean {
  return inner === folder || inner.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function loopError(path: string): MedleyError {
  return new MedleyError(
    'file-unreadable',
    `${path} is a symbolic link that leads back to a folder it lies in. It was not followed.`,
    { subject: path },
  );
}

async function list(path: string): Promise<Dirent[] | FoundProblem> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    return problem(path, readingFailed(path, error));
  }
}

interface Sorted {
  readonly files: string[];
  readonly folders: Folder[];
  /** Links, to whatever. */
  readonly links: string[];
  readonly problems: FoundProblem[];
}

function sortEntries(folder: string, entries: readonly Dirent[]): Sorted {
  const sorted: Sorted = { files: [], folders: [], links: [], problems: [] };
  const byName = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of byName) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || skippedFolders.has(entry.name)) continue;
    const isPicture = hasPictureName(entry.name);
    if (!isReadableName(entry.name)) {
      if (isPicture || entry.isDirectory()) sorted.problems.push(problem(path, nameError(path)));
    } else if (entry.isDirectory()) sorted.folders.push({ path, isLink: false });
    else if (isPicture && (entry.isFile() || entry.isSymbolicLink())) sorted.files.push(path);
    else if (entry.isSymbolicLink()) sorted.links.push(path);
  }
  return sorted;
}

/** Names that are not valid Unicode cannot be kept as text and found again. */
function isReadableName(name: string): boolean {
  return name.isWellFormed() && !name.includes('\ufffd');
}

function nameError(path: string): MedleyError {
  return new MedleyError(
    'file-unreadable',
    `The name of ${path} is not valid Unicode. Rename it to import it.`,
    { subject: path },
  );
}

/** Null for a folder with a picture's name, which is no picture. */
async function statFile(path: string): Promise<Found | null> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return null;
    const { size, mtimeMs, ctimeMs, dev, ino, birthtimeMs } = stats;
    const inode = ino === 0 ? null : `${dev}:${ino}:${birthtimeMs}`;
    return { kind: 'file', path, size, mtimeMs, ctimeMs, inode };
  } catch (error) {
    return problem(path, readingFailed(path, error));
  }
}

/** The links to follow: not those to files or to nothing. What else is wrong shows on entering. */
async function linkedFolders(links: readonly string[]): Promise<Folder[]> {
  const folders: Folder[] = [];
  for (const path of links) {
    const isIdle = await stat(path).then(
      (stats) => !stats.isDirectory(),
      (error: unknown) => readingFailed(path, error).code === 'file-missing',
    );
    if (!isIdle) folders.push({ path, isLink: true });
  }
  return folders;
}

function problem(path: string, error: MedleyError): FoundProblem {
  return { kind: 'problem', path, error };
}
