import { basename, dirname, join } from 'node:path';
import { isInFolder } from '#main/files/in-folder.ts';
import { isTextRole, type FileRow, type TextRole } from '#main/store/tables/files.ts';
import { groupCompanions } from './companions.ts';
import type { AttachedFile, FileStats, FoundFile } from './walk.ts';

/** A file that speaks of a photo. */
export type AttachedText = AttachedFile & { readonly role: TextRole };

export function isText(file: AttachedFile): file is AttachedText {
  return isTextRole(file.role);
}

/** What a library knew of the files of a folder before it is walked again. */
export class KnownFolder {
  readonly #rows: ReadonlyMap<string, FileRow>;
  readonly #namesByFolder: ReadonlyMap<string, string[]>;
  readonly #groups = new Map<string, ReturnType<typeof groupCompanions>>();

  constructor(root: string, rows: Iterable<FileRow>) {
    const below = [...rows].filter(({ path }) => isInFolder(root, path));
    this.#rows = new Map(below.map((row) => [row.path, row]));
    const byFolder = Map.groupBy(this.#rows.keys(), dirname);
    this.#namesByFolder = new Map(
      Array.from(byFolder, ([folder, paths]) => [folder, paths.map((path) => basename(path))]),
    );
  }

  get(path: string): FileRow | undefined {
    return this.#rows.get(path);
  }

  /** Whether other files go with a photo than before, or they changed. */
  hasOtherFiles({ path, attached }: FoundFile): boolean {
    return this.#differ(path, attached, () => true);
  }

  /** Whether other files speak of a photo than before, or they say something else. */
  hasOtherTexts({ path, attached }: FoundFile): boolean {
    return this.#differ(path, attached.filter(isText), isTextRole);
  }

  #differ(
    path: string,
    now: readonly AttachedFile[],
    counts: (role: AttachedFile['role']) => boolean,
  ): boolean {
    const folder = dirname(path);
    const before = (this.#groupsIn(folder).get(basename(path)) ?? []).filter(
      ({ name, role }) => counts(role) && this.#rows.get(join(folder, name))?.role === role,
    );
    return (
      before.length !== now.length ||
      now.some((file) => {
        const row = this.#rows.get(file.path);
        return (
          row === undefined ||
          row.role !== file.role ||
          row.partOf !== file.partOf ||
          !isSameFile(row, file)
        );
      })
    );
  }

  #groupsIn(folder: string): ReturnType<typeof groupCompanions> {
    const groups =
      this.#groups.get(folder) ?? groupCompanions(this.#namesByFolder.get(folder) ?? []);
    this.#groups.set(folder, groups);
    return groups;
  }
}

/** Whether a file is as it was seen last; where ctime is not known, a write that hides is missed. */
export function isSameFile(
  { size, mtimeMs, ctimeMs }: Pick<FileRow, 'size' | 'mtimeMs' | 'ctimeMs'>,
  found: Pick<FileStats, 'size' | 'mtimeMs' | 'ctimeMs'>,
): boolean {
  return (
    size === found.size &&
    mtimeMs === found.mtimeMs &&
    (ctimeMs === null || ctimeMs === found.ctimeMs)
  );
}
