import { Settings, type SettingsChange } from '#shared/schemas/model.ts';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';

/** What of the settings follows from what a person chose. */
type Adopted = Pick<Settings, 'adopting' | 'previous'>;

/** What the person chose, kept in the library folder. */
export class SettingsFile {
  readonly #path: string;
  #value: Settings;

  private constructor(path: string, value: Settings) {
    this.#path = path;
    this.#value = value;
  }

  /** @throws {MedleyError} `file-unreadable` when the file is damaged. */
  static async open(path: string): Promise<SettingsFile> {
    return new SettingsFile(path, await readJsonFile(path, Settings, Settings.parse({})));
  }

  get value(): Settings {
    return this.#value;
  }

  async change(change: SettingsChange & Partial<Adopted>): Promise<void> {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    this.#value = Settings.parse({ ...this.#value, ...Object.fromEntries(given) });
    await writeJsonFile(this.#path, this.#value);
  }
}
