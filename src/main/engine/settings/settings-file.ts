import { Settings, type SettingsChange } from '#shared/schemas/model.ts';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';

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

  async change({ device, modelFolder, captionerFolder, writing }: SettingsChange): Promise<void> {
    const before = this.#value;
    this.#value = {
      device: device ?? before.device,
      modelFolder: modelFolder === undefined ? before.modelFolder : modelFolder,
      captionerFolder: captionerFolder === undefined ? before.captionerFolder : captionerFolder,
      writing: writing ?? before.writing,
    };
    await writeJsonFile(this.#path, this.#value);
  }
}
