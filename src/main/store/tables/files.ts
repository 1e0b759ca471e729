import { z } from 'zod';
import { nullable, number, text, word } from '../column.ts';
import type { Database } from '../database.ts';
import { declareTable, type RowOf } from '../declaration.ts';
import { StoredTable, type CommitListener } from '../stored-table.ts';

/** Why a file is not where it was: it went from its folder, or its folder or disk is not there. */
export const Missing = z.enum(['vanished', 'unreachable']);
export type Missing = z.infer<typeof Missing>;

/**
 * What a file is to a photo: the picture itself, or a file that goes with one (the camera's raw file
 * beside its JPEG, the film of a live photo, a text that speaks of it); or none that Medley can read.
 */
export const FileRole = z.enum([
  'photo',
  'raw',
  'film',
  'sidecar',
  'text',
  'takeout',
  'unsupported',
]);
export type FileRole = z.infer<typeof FileRole>;

/** The roles of files that speak of a photo. */
export type TextRole = 'sidecar' | 'text' | 'takeout';

export function isTextRole(role: FileRole): role is TextRole {
  return role === 'sidecar' || role === 'text' || role === 'takeout';
}

export const filesDeclaration = declareTable(
  'files',
  'path',
  {
    /** Absolute. */
    path: text(),
    /** The folder of photos it was found under. */
    root: text(),
    size: number(),
    mtimeMs: number(),
    /** Null where an older Medley saw it last. */
    ctimeMs: nullable(number()),
    /** Device, inode and birth time, which together name one file for its life; null where the disk has none. */
    inode: nullable(text()),
    role: word(FileRole, { since: 4, before: 'photo' }),
    /** The photo's own file, of a file that goes with one; the asset is that one's. */
    partOf: nullable(text({ since: 4 })),
    /** What an unsupported file is, as `video`; null for one that nobody would look for. */
    kind: nullable(text({ since: 4 })),
    /** What it holds; null while that cannot be read, and of all but photos. */
    contentId: nullable(text()),
    /** The asset it holds, or held last; null when it never could be read. */
    assetId: nullable(text()),
    missing: nullable(word(Missing)),
    /** ISO 8601. */
    missingSince: nullable(text()),
  },
  ['assetId'],
);

/** A file of a folder of photos, as last seen. */
export type FileRow = RowOf<typeof filesDeclaration>;

/**
 * Every file seen on disk, those that failed or are missing too. All rows are also held in memory: a
 * walk asks for each of them, and the library has one writer.
 */
export class FileTable {
  readonly table: StoredTable<FileRow>;
  readonly #onCommit: CommitListener<FileRow>;
  readonly #byPath = new Map<string, FileRow>();
  readonly #byAsset = new Map<string, Map<string, FileRow>>();
  readonly #byInode = new Map<string, string>();

  private constructor(table: StoredTable<FileRow>, onCommit: CommitListener<FileRow>) {
    this.table = table;
    this.#onCommit = onCommit;
  }

  static async open(database: Database, onCommit: CommitListener<FileRow>): Promise<FileTable> {
    const table = await StoredTable.open(database, filesDeclaration, onCommit);
    const files = new FileTable(table, onCommit);
    for (const row of await table.all()) files.#remember(row);
    return files;
  }

  get(path: string): FileRow | undefined {
    return this.#byPath.get(path);
  }

  get size(): number {
    return this.#byPath.size;
  }

  /** Every row; do not change the table while iterating. */
  all(): IterableIterator<FileRow> {
    return this.#byPath.values();
  }

  /** The files of an asset, missing ones too. */
  ofAsset(assetId: string): FileRow[] {
    return [...(this.#byAsset.get(assetId)?.values() ?? [])];
  }

  /** The file last seen with this inode. */
  withInode(inode: string): FileRow | undefined {
    const path = this.#byInode.get(inode);
    return path === undefined ? undefined : this.#byPath.get(path);
  }

  /** Inserts or replaces rows by path, as one commit; of two rows with one path the last counts. */
  async put(rows: readonly FileRow[]): Promise<void> {
    const known = ({ path }: FileRow) => this.#byPath.has(path);
    await this.table.put(rows, known, (put) => {
      for (const row of put) this.#remember(row);
    });
  }

  /** Forgets paths that say nothing any more. */
  async remove(paths: readonly string[]): Promise<void> {
    const rows = paths.flatMap((path) => this.#byPath.get(path) ?? []);
    await this.table.remove('path', paths, () => {
      for (const path of paths) this.#forget(path);
    });
    if (rows.length > 0) this.#onCommit(rows);
  }

  #remember(row: FileRow): void {
    this.#forget(row.path);
    this.#byPath.set(row.path, row);
    if (row.inode !== null) this.#byInode.set(row.inode, row.path);
    if (row.assetId === null) return;
    const files = this.#byAsset.get(row.assetId) ?? new Map<string, FileRow>();
    this.#byAsset.set(row.assetId, files.set(row.path, row));
  }

  #forget(path: string): void {
    const row = this.#byPath.get(path);
    if (row === undefined) return;
    this.#byPath.delete(path);
    if (row.inode !== null && this.#byInode.get(row.inode) === path) {
      this.#byInode.delete(row.inode);
    }
    if (row.assetId === null) return;
    const files = this.#byAsset.get(row.assetId);
    files?.delete(path);
    if (files?.size === 0) this.#byAsset.delete(row.assetId);
  }
}
