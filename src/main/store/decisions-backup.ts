import { decisionsOf, joinDecisions, readDecisions, writeDecisions } from './decisions.ts';
import type { DecidedAsset } from './decisions.ts';
import type { Tables } from './tables/tables.ts';

/** Keeps the file of decisions beside the database as new as the database. */
export class DecisionsBackup {
  readonly #path: string;
  readonly #tables: Tables;
  /** What the file held when this process came: a database that lost rows must not take them from it. */
  #found: readonly DecidedAsset[] | null = null;
  #stale = false;
  #writing: Promise<void> | null = null;

  constructor(path: string, tables: Tables) {
    this.#path = path;
    this.#tables = tables;
  }

  /** Writes anew after a change; changes that come meanwhile are written together. */
  async changed(): Promise<void> {
    this.#stale = true;
    await this.settled();
  }

  /** Writes what could not be written yet. */
  async settled(): Promise<void> {
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
    await this.#writing;
  }

  async #write(): Promise<void> {
    this.#found ??= await readDecisions(this.#path);
    while (this.#stale) {
      this.#stale = false;
      try {
        const decided = joinDecisions(this.#found, await decisionsOf(this.#tables));
        if (decided.length > 0) await writeDecisions(this.#path, decided);
      } catch (error) {
        this.#stale = true;
        throw error;
      }
    }
  }
}
