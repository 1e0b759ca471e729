import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';
import { lockFile, type ProcessLock } from '#main/files/process-lock.ts';
import { MedleyError } from '#shared/errors.ts';
import { ModelEntry } from './model-entry.ts';

const RegistryFile = z.object({ models: z.array(ModelEntry) });

/** How long another process may take to change the file. */
const lockTries = 50;
const lockWaitMs = 100;

/** The models that were added, in `models.json`. Several processes may change it. */
export class Registry {
  readonly #folder: string;
  /** The change under way in this process; the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param folder made with the first change */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get #path(): string {
    return join(this.#folder, 'models.json');
  }

  /** @throws MedleyError `file-unreadable` when the file is damaged */
  async read(): Promise<readonly ModelEntry[]> {
    return (await readJsonFile(this.#path, RegistryFile, { models: [] })).models;
  }

  /**
   * Lists a model in place of the one that `replaces` names, if there is one.
   * @param make makes it, given those that stay
   */
  async put(
    replaces: (entry: ModelEntry) => boolean,
    make: (others: readonly ModelEntry[]) => ModelEntry,
  ): Promise<ModelEntry> {
    return this.#inTurn(async () => {
      const others = (await this.read()).filter((entry) => !replaces(entry));
      const added = make(others);
      await writeJsonFile(this.#path, { models: [...others, added] });
      return added;
    });
  }

  /** Forgets a model. */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const models = (await this.read()).filter((entry) => entry.name !== name);
      await writeJsonFile(this.#path, { models });
    });
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      await mkdir(this.#folder, { recursive: true });
      const lock = await this.#lock();
      try {
        return await change();
      } finally {
        await lock.release();
      }
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #lock(): Promise<ProcessLock> {
    for (let tries = 1; ; tries++) {
      try {
        return await lockFile(`${this.#path}.lock`, (holder) => busy(this.#path, holder));
      } catch (error) {
        if (tries === lockTries || !(error instanceof MedleyError)) throw error;
        await sleep(lockWaitMs);
      }
    }
  }
}

function busy(path: string, holder: string): MedleyError {
  return new MedleyError('model-busy', `The list of models is in use by ${holder}. Try again.`, {
    subject: path,
  });
}
