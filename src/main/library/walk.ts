import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { groupCompanions, type Companion } from './companions.ts';
import { hasPictureName } from './image-format.ts';
import { isOtherFile } from './other-files.ts';
import { readingFailed } from './reading-failed.ts';
import { isLibraryFolder, isSystemFolder } from './system-folders.ts';

/** What tells whether a file is as it was. */
export interface FileStats {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Device, inode and birth time, which together name one file for its life; null where the disk has none. */
  readonly inode: string | null;
}

/** A file that goes with a photo. */
export interface AttachedFile extends FileStats {
  readonly role: Companion['role'];
  /** The photo that it is listed with: the first of those that it goes with. */
  readonly partOf: string;
}

export interface FoundFile extends FileStats {
  readonly kind: 'file';
  /** Whether it is called a picture; else its bytes must tell. */
  readonly isNamedPicture: boolean;
  readonly attached: readonly AttachedFile[];
}

/** A file or folder that could not be read. */
export interface FoundProblem {
  readonly kind: 'problem';
  readonly path: string;
  readonly error: MedleyError;
}

export type Found = FoundFile | FoundProblem;

const STATS_AT_ONCE = 64;

interface Folder {
  readonly path: string;
  readonly isLink: boolean;
}

/**
 * Every file below `root` that may be a picture, a film or a sound, with the files that go with it,
 * folder by folder in the order of names. Links to folders are followed after all real folders, and
 * each real folder is entered once. Hidden entries, what `isSystemFolder` names, and libraries of
 * Medley are left out, and files whose names tell that they are something else.
 *
 * @throws MedleyError `folder-missing` or `file-unreadable` when `root` itself cannot be read.
 */
export async function* walkFolder(root: string, libraryFolder: string): AsyncGenerator<Found> {
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
    if (isLibraryFolder(new Set(listing.map(({ name }) => name)))) continue;
    const inside = sortEntries(next.path, listing);
    for (const problem of inside.problems) yield problem;
    const linked = await followLinks(next.path, inside.links);
    yield* filesOf(next.path, [...inside.files, ...linked.files]);
    // A stack: the last pushed comes out first.
    folders.push(...inside.folders.reverse());
    links.push(...linked.folders);
  }
}

/**
 * The photos of a folder that some files are, or go with, as a walk meets them.
 *
 * @param names of files in the folder; one that is gone since counts as if it were there
 */
export async function findPhotos(folder: string, names: ReadonlySet<string>): Promise<FoundFile[]> {
  const listing = await list(folder);
  if (!Array.isArray(listing)) return [];
  const inside = sortEntries(folder, listing);
  const there = [...inside.files, ...(await followLinks(folder, inside.links)).files];
  const groups = groupCompanions([...new Set([...there, ...names])]);
  const photos = [...groups].filter(
    ([name, companions]) => names.has(name) || companions.some((each) => names.has(each.name)),
  );
  const found: FoundFile[] = [];
  for await (const each of filesOf(folder, there, new Set(photos.map(([name]) => name)))) {
    if (each.kind === 'file') found.push(each);
  }
  return found;
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
  /** Names of files. */
  readonly files: string[];
  readonly folders: Folder[];
  /** Names of links, to whatever. */
  readonly links: string[];
  readonly problems: FoundProblem[];
}

function sortEntries(folder: string, entries: readonly Dirent[]): Sorted {
  const sorted: Sorted = { files: [], folders: [], links: [], problems: [] };
  const byName = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of byName) {
    const { name } = entry;
    const path = join(folder, name);
    if (name.startsWith('.') || isSystemFolder(name)) continue;
    if (!isReadableName(name)) {
      if (!isOtherFile(name)) sorted.problems.push(problem(path, nameError(path)));
    } else if (entry.isDirectory()) sorted.folders.push({ path, isLink: false });
    else if (entry.isFile()) sorted.files.push(name);
    else if (entry.isSymbolicLink()) sorted.links.push(name);
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

/**
 * What links lead to: the names of those to files, and the folders. One that is called a picture and
 * leads nowhere is told of as a file; what else is wrong shows on entering.
 */
async function followLinks(
  folder: string,
  names: readonly string[],
): Promise<{ readonly files: string[]; readonly folders: Folder[] }> {
  const files: string[] = [];
  const folders: Folder[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const target = await stat(path).catch((error: unknown) => readingFailed(path, error));
    if (target instanceof MedleyError) {
      if (hasPictureName(name)) files.push(name);
      else if (target.code !== 'file-missing') folders.push({ path, isLink: true });
    } else if (target.isDirectory()) folders.push({ path, isLink: true });
    else if (target.isFile()) files.push(name);
  }
  return { files, folders };
}

/**
 * The files of one folder that are looked at, each with those that go with it.
 *
 * @param only of these; left out, of all
 */
async function* filesOf(
  folder: string,
  names: readonly string[],
  only?: ReadonlySet<string>,
): AsyncGenerator<Found> {
  const listed = new Map<string, string>();
  const all = [...groupCompanions(names)].map(([name, companions]) => {
    for (const each of companions) {
      if (!listed.has(each.name)) listed.set(each.name, join(folder, name));
    }
    return { name, companions };
  });
  const groups = all.filter(({ name }) => only === undefined || only.has(name));
  for (let start = 0; start < groups.length; start += STATS_AT_ONCE) {
    const some = groups.slice(start, start + STATS_AT_ONCE);
    yield* (
      await Promise.all(
        some.map(({ name, companions }) => fileWith(folder, name, companions, listed)),
      )
    ).flat();
  }
}

/** A companion that cannot be read is a problem of its own, and its photo comes without it. */
async function fileWith(
  folder: string,
  name: string,
  companions: readonly Companion[],
  listed: ReadonlyMap<string, string>,
): Promise<Found[]> {
  const path = join(folder, name);
  const [file, ...others] = await Promise.all(
    [name, ...companions.map((each) => each.name)].map((each) => statFile(join(folder, each))),
  );
  const problems = others.filter((each) => 'kind' in each);
  if ('kind' in file) return [file, ...problems];
  const attached = others.flatMap((each, i): AttachedFile[] => {
    const { role, name: own } = companions[i];
    return 'kind' in each ? [] : [{ ...each, role, partOf: listed.get(own) ?? path }];
  });
  return [{ kind: 'file', ...file, isNamedPicture: hasPictureName(name), attached }, ...problems];
}

async function statFile(path: string): Promise<FileStats | FoundProblem> {
  try {
    const { size, mtimeMs, ctimeMs, dev, ino, birthtimeMs } = await stat(path);
    const inode = ino === 0 ? null : `${dev}:${ino}:${birthtimeMs}`;
    return { path, size, mtimeMs, ctimeMs, inode };
  } catch (error) {
    return problem(path, readingFailed(path, error));
  }
}

function problem(path: string, error: MedleyError): FoundProblem {
  return { kind: 'problem', path, error };
}
