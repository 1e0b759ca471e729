import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';

const WorkStateFile = z.object({
  mode: z.enum(['running', 'paused', 'cancelled']),
  /** Absolute paths of the folders of photos. */
  folders: z.array(z.string()),
});
type WorkStateFile = z.infer<typeof WorkStateFile>;

/**
 * What the person asked of the background work, kept in `work.json` of the library folder so that
 * it outlives the engine: which folders belong to the library, and whether work may run. What is
 * left to do is not kept: it follows from the folders and the store.
 */
export class WorkState {
  readonly #path: string;
  #state: WorkStateFile;

  private constructor(path: string, state: WorkStateFile) {
    this.#path = path;
    this.#state = state;
  }

  static async open(libraryFolder: string): Promise<WorkState> {
    const path = join(libraryFolder, 'work.json');
    const empty: WorkStateFile = { mode: 'running', folders: [] };
    return new WorkState(path, await readJsonFile(path, WorkStateFile, empty));
  }

  get mode(): WorkStateFile['mode'] {
    return this.#state.mode;
  }

  get folders(): readonly string[] {
    return this.#state.folders;
  }

  setMode(mode: WorkStateFile['mode']): Promise<void> {
    return this.#write({ ...this.#state, mode });
  }

  /** Adds a folder. A new import takes cancelled work up again; paused work stays paused. */
  addFolder(folder: string): Promise<void> {
    const { mode, folders } = this.#state;
    return this.#write({
      mode: mode === 'cancelled' ? 'running' : mode,
      folders: folders.includes(folder) ? folders : [...folders, folder],
    });
  }

  removeFolder(folder: string): Promise<void> {
    const { mode, folders } = this.#state;
    return this.#write({ mode, folders: folders.filter((each) => each !== folder) });
  }

  async #write(state: WorkStateFile): Promise<void> {
    this.#state = state;
    await writeJsonFile(this.#path, state);
  }
}
