import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MedleyError } from '#shared/errors.ts';
import type { Database } from '../database.ts';
import type { Store } from '../store.ts';
import { StoredTable } from '../stored-table.ts';
import { wordsDeclaration, type WordRow } from '../tables/words.ts';
import { analysisVersion } from './terms.ts';
import { wordRows } from './word-rows.ts';

/** Photos whose rows are made together. */
const atOnce = 1000;

/**
 * Keeps the table of words as the other tables are: it is told which photos something happened to, and makes
 * their rows anew before they are searched.
 */
export class WordIndex {
  readonly #store: Store;
  readonly #database: Database;
  readonly #changed = new Set<string>();
  #opened: Promise<OpenedWords | null> | null = null;
  /** The photos that have a row; null until that was looked up. */
  #known: Promise<Set<string>> | null = null;
  #tail: Promise<void> = Promise.resolve();
  #version = 0;

  constructor(store: Store, database: Database) {
    this.#store = store;
    this.#database = database;
  }

  /** Moves with every change of the table. */
  get version(): number {
    return this.#version;
  }

  /** Whether there is something that it has not made yet. */
  get isBehind(): boolean {
    return this.#changed.size > 0;
  }

  /** Something happened to these photos. */
  changed(assetIds: readonly string[]): void {
    for (const id of assetIds) this.#changed.add(id);
  }

  /**
   * The table to search. Where much has happened, as in an import, it is brought up to date meanwhile; else
   * it is.
   *
   * @returns null where a library that may not be written has none
   */
  async table(): Promise<StoredTable<WordRow> | null> {
    const opened = await this.#open();
    if (opened === null) return null;
    // As a rule the first search after a start has nothing to wait for.
    if (opened.isWhole && !this.isBehind) return opened.table;
    await this.#rowsOf(opened.table);
    const updating = this.update();
    if (this.#changed.size > atOnce) updating.catch(() => {});
    else await updating;
    return opened.table;
  }

  /** Makes the rows of all photos to which something happened. */
  async update(): Promise<void> {
    const opened = await this.#open();
    if (opened === null || (opened.isWhole && !this.isBehind)) return;
    const turn = this.#tail.then(async () => {
      const known = await this.#rowsOf(opened.table);
      while (this.isBehind) await this.#updateSome(opened.table, known);
    });
    this.#tail = turn.catch(() => {});
    await turn;
  }

  /** Makes everything that is outstanding, and compacts. */
  async compact(): Promise<void> {
    await this.update();
    await (await this.#open())?.table.compact();
  }

  /** Makes everything that is outstanding and closes the table. One that would lag behind is deleted. */
  async close(): Promise<void> {
    if (this.#opened === null && !this.isBehind) return;
    try {
      await this.update();
      await (await this.#open())?.table.close();
    } catch {
      await deleteWords(this.#database.folder);
    }
  }

  async #updateSome(table: StoredTable<WordRow>, known: Set<string>): Promise<void> {
    const ids = [...this.#changed].slice(0, atOnce);
    // What happens to them from now on has them made again.
    for (const id of ids) this.#changed.delete(id);
    try {
      const rows = await wordRows(this.#store, ids);
      const shown = new Set(rows.map(({ assetId }) => assetId));
      const gone = ids.filter((id) => known.has(id) && !shown.has(id));
      const before = await table.find(
        'assetId',
        rows.flatMap(({ assetId }) => (known.has(assetId) ? [assetId] : [])),
      );
      const byId = new Map(before.map((row) => [row.assetId, row]));
      const fresh = rows.filter((row) => !isDeepStrictEqual(byId.get(row.assetId), row));
      await table.put(
        fresh,
        ({ assetId }) => known.has(assetId),
        (put) => {
          for (const { assetId } of put) known.add(assetId);
        },
      );
      await table.remove('assetId', gone, () => {
        for (const id of gone) known.delete(id);
      });
    } catch (error) {
      for (const id of ids) this.#changed.add(id);
      throw error;
    }
  }

  #open(): Promise<OpenedWords | null> {
    this.#opened ??= this.#openNow();
    return this.#opened;
  }

  async #openNow(): Promise<OpenedWords | null> {
    try {
      const table = await StoredTable.open(
        this.#database,
        wordsDeclaration,
        () => void this.#version++,
      );
      const [rows, sound] = await Promise.all([
        table.countRows(),
        table.countRows(`analysis = ${analysisVersion}`),
      ]);
      return { table, isWhole: rows === sound && rows === this.#store.photos().size };
    } catch (error) {
      // It is searched without words.
      if (error instanceof MedleyError && error.code === 'folder-read-only') return null;
      throw error;
    }
  }

  /** @returns the photos that have a row */
  #rowsOf(table: StoredTable<WordRow>): Promise<Set<string>> {
    this.#known ??= this.#findMissing(table);
    return this.#known;
  }

  /** Finds what of the table is missing, too much or made by an earlier Medley. @returns the photos that have a row */
  async #findMissing(table: StoredTable<WordRow>): Promise<Set<string>> {
    const rows = await table.columns(['assetId', 'analysis']);
    const photos = this.#store.photos();
    const sound = rows.filter(({ analysis }) => analysis === analysisVersion);
    const done = new Set(sound.map(({ assetId }) => assetId));
    this.changed([...photos.keys()].filter((id) => !done.has(id)));
    this.changed(rows.map(({ assetId }) => assetId).filter((id) => !photos.has(id)));
    return new Set(rows.map(({ assetId }) => assetId));
  }
}

/** Deletes the table of words of a database that is not open; it is made again. */
export async function deleteWords(databaseFolder: string): Promise<void> {
  const folder = join(databaseFolder, `${wordsDeclaration.name}.lance`);
  // Where it cannot be deleted, it cannot have been written either.
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}

interface OpenedWords {
  readonly table: StoredTable<WordRow>;
  /** Whether it had a row for each photo when it was opened. */
  readonly isWhole: boolean;
}
