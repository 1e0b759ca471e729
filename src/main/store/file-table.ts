import type { Connection } from '@lancedb/lancedb';
import { Field, Float64, Schema, Utf8 } from 'apache-arrow';
import type { Table as ArrowTable } from 'apache-arrow';
import { z } from 'zod';
import { errorCodes } from '#shared/errors.ts';
import { StageName } from '#shared/schemas/activity.ts';
import { nullableStringColumn, numberColumn, stringColumn } from './arrow-columns.ts';
import { sqlIn } from './sql-text.ts';
import { StoredTable } from './stored-table.ts';

/** Why a file is not in the library. */
const FileFailure = z.object({
  stage: StageName,
  code: z.enum(errorCodes),
  message: z.string(),
});
export type FileFailure = z.infer<typeof FileFailure>;

/** What is on disk at one path, as last seen. */
export interface FileRow {
  /** Absolute path; the key. */
  readonly path: string;
  /** The folder of photos it was found under. */
  readonly root: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Null when the file failed. */
  readonly photoId: string | null;
  readonly failure: FileFailure | null;
}

const schema = new Schema([
  new Field('path', new Utf8(), false),
  new Field('root', new Utf8(), false),
  new Field('size', new Float64(), false),
  new Field('mtimeMs', new Float64(), false),
  new Field('photoId', new Utf8(), true),
  new Field('failure', new Utf8(), true),
]);
const columns = schema.names.map(String);
const REMOVE_AT_ONCE = 1000;

export function encodeFile(row: FileRow): Record<string, unknown> {
  return { ...row, failure: row.failure === null ? null : JSON.stringify(row.failure) };
}

export function decodeFiles(table: ArrowTable): FileRow[] {
  const roots = stringColumn(table, 'root');
  const sizes = numberColumn(table, 'size');
  const times = numberColumn(table, 'mtimeMs');
  const photoIds = nullableStringColumn(table, 'photoId');
  const failures = nullableStringColumn(table, 'failure');
  return stringColumn(table, 'path').map((path, i) => {
    const failure = failures[i];
    return {
      path,
      root: roots[i],
      size: sizes[i],
      mtimeMs: times[i],
      photoId: photoIds[i],
      failure: failure === null ? null : FileFailure.parse(JSON.parse(failure)),
    };
  });
}

/**
 * Every file seen on disk, the failed ones too. All rows are also held in memory: a re-import
 * asks for each of them, and the library has one writer.
 */
export class FileTable {
  readonly #table: StoredTable;
  readonly #byPath = new Map<string, FileRow>();
  readonly #pathsByPhoto = new Map<string, Set<string>>();

  private constructor(table: StoredTable) {
    this.#table = table;
  }

  static async open(database: Connection): Promise<FileTable> {
    const table = await StoredTable.open(database, 'files', schema, 'path');
    const files = new FileTable(table);
    for (const row of decodeFiles(await table.read({ columns }))) files.#remember(row);
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

  /** Ids of the photos that have a file: the ones to show. */
  photoIds(): IterableIterator<string> {
    return this.#pathsByPhoto.keys();
  }

  get photoCount(): number {
    return this.#pathsByPhoto.size;
  }

  hasPhoto(photoId: string): boolean {
    return this.#pathsByPhoto.has(photoId);
  }

  /** Absolute paths of the files with these bytes, sorted; empty when all have vanished. */
  pathsOf(photoId: string): string[] {
    return [...(this.#pathsByPhoto.get(photoId) ?? [])].sort();
  }

  failures(): (FileRow & { readonly failure: FileFailure })[] {
    return [...this.#byPath.values()].flatMap((row) =>
      row.failure === null ? [] : [{ ...row, failure: row.failure }],
    );
  }

  /** Inserts or replaces rows by path, as one commit; of two rows with one path the last counts. */
  async put(rows: readonly FileRow[]): Promise<void> {
    const unique = [...new Map(rows.map((row) => [row.path, row])).values()];
    await this.#table.upsert('path', unique.map(encodeFile), () => {
      for (const row of unique) this.#remember(row);
    });
  }

  /** Forgets files that are no longer there. */
  async remove(paths: readonly string[]): Promise<void> {
    for (let start = 0; start < paths.length; start += REMOVE_AT_ONCE) {
      const some = paths.slice(start, start + REMOVE_AT_ONCE);
      await this.#table.remove(sqlIn('path', some), () => {
        for (const path of some) this.#forget(path);
      });
    }
  }

  /** Forgets every failed file, so that the next scan tries it again. */
  async forgetFailures(): Promise<void> {
    await this.remove(this.failures().map((row) => row.path));
  }

  async optimize(exclusively: boolean): Promise<void> {
    await this.#table.optimize(exclusively);
  }

  async close(): Promise<void> {
    await this.#table.close();
  }

  #remember(row: FileRow): void {
    this.#forget(row.path);
    this.#byPath.set(row.path, row);
    if (row.photoId === null) return;
    const paths = this.#pathsByPhoto.get(row.photoId);
    if (paths === undefined) this.#pathsByPhoto.set(row.photoId, new Set([row.path]));
    else paths.add(row.path);
  }

  #forget(path: string): void {
    const photoId = this.#byPath.get(path)?.photoId;
    this.#byPath.delete(path);
    if (photoId === null || photoId === undefined) return;
    const paths = this.#pathsByPhoto.get(photoId);
    paths?.delete(path);
    if (paths?.size === 0) this.#pathsByPhoto.delete(photoId);
  }
}
