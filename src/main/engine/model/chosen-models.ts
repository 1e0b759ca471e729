import type { Importer } from '#main/library/importer/importer.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { ModelsHome } from '#main/models/models-home.ts';
import type { Store } from '#main/store/store.ts';
import { messageOf } from '#shared/errors.ts';
import type { ChosenModel, DeviceChoice, Dtype } from '#shared/schemas/model.ts';
import type { SettingsFile } from '../settings/settings-file.ts';
import type { TaskService } from '../tasks/task-service.ts';
import { adoptionSubject, adoptionTask } from './adoption.ts';
import type { BatchSizes } from './batch-sizes.ts';
import type { ModelChoice, ModelSlot } from './model-slot.ts';
import type { ModelTurns } from './model-turns.ts';

export interface ChosenModelsOptions {
  /** What goes before the person's settings. */
  readonly given: {
    readonly modelFolder: string | undefined;
    readonly captionerFolder: string | undefined;
    readonly imageSize: number | undefined;
    readonly device: DeviceChoice | undefined;
    readonly dtype: Dtype | undefined;
  };
  readonly home: ModelsHome;
  readonly store: Store;
  readonly slot: ModelSlot;
  readonly turns: ModelTurns;
  readonly batches: BatchSizes;
  readonly importer: Importer;
  readonly settings: SettingsFile;
  readonly tasks: TaskService;
  /** The slot holds another model. */
  readonly onChanged: () => Promise<void>;
  readonly onProblem: (message: string) => void;
}

/** Which model is in use: what a person chose, at once or once it has looked at every photo. */
export class ChosenModels {
  readonly #options: ChosenModelsOptions;
  /** The last change; the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(options: ChosenModelsOptions) {
    this.#options = options;
  }

  /** What is in use, or tried to be. */
  get chosen(): ChosenModel {
    const { given, settings } = this.#options;
    return {
      modelFolder: given.modelFolder ?? settings.value.modelFolder,
      captionerFolder: given.captionerFolder ?? settings.value.captionerFolder,
    };
  }

  /** The folder of the model that searches. */
  get matchingFolder(): string {
    return this.chosen.modelFolder ?? this.#options.home.starterFolder;
  }

  /** The folder of the model that writes captions. */
  get captioningFolder(): string {
    return this.chosen.captionerFolder ?? this.matchingFolder;
  }

  /** The folders that are in use, or about to be. */
  get inUse(): ReadonlySet<string> {
    const { adopting } = this.#options.settings.value;
    const next = adopting === null ? [] : [adopting.modelFolder, adopting.captionerFolder];
    const folders = [this.matchingFolder, this.captioningFolder, ...next];
    return new Set(folders.filter((folder) => folder !== null));
  }

  /** Loads what was in use, and goes on with what was to follow it. */
  async open(): Promise<void> {
    await this.load();
    const { adopting } = this.#options.settings.value;
    if (adopting !== null && !this.#closing) await this.choose(adopting);
  }

  /** Loads what is chosen, between two batches. */
  async load(): Promise<void> {
    const { turns, slot, onChanged } = this.#options;
    const choice = this.#choiceOf(this.chosen);
    await turns.background(() => slot.select(choice));
    await onChanged();
  }

  /**
   * Puts other folders to use: at once where nothing can be found by now, else by an adoption, in place of
   * one under way.
   */
  choose(next: ChosenModel): Promise<void> {
    const turn = this.#turn.then(() => this.#choose(next));
    this.#turn = turn.catch((error: unknown) => this.#options.onProblem(messageOf(error)));
    return turn;
  }

  close(): void {
    this.#closing = true;
  }

  async #choose(next: ChosenModel): Promise<void> {
    const { settings, tasks } = this.#options;
    await tasks.clear(adoptionSubject);
    if (this.#closing) return;
    if (!(await this.#findsSomething())) {
      await settings.change({ ...next, adopting: null });
      void this.load();
      return;
    }
    const { modelFolder, captionerFolder } = settings.value;
    if (modelFolder === next.modelFolder && captionerFolder === next.captionerFolder) {
      await settings.change({ adopting: null });
      return;
    }
    await settings.change({ adopting: next });
    tasks.start(
      adoptionTask(next, {
        ...this.#options,
        load: (chosen) => this.#options.slot.prepare(this.#choiceOf(chosen)),
        take: (successor) => this.#take(successor),
        isClosing: () => this.#closing,
      }),
    );
  }

  async #take(successor: MedModel): Promise<void> {
    const { turns, slot, onChanged } = this.#options;
    await turns.background(() => slot.take(successor));
    await onChanged();
  }

  /** Whether a search would find photos now, which another model should not put an end to. */
  async #findsSomething(): Promise<boolean> {
    const { given, slot, store } = this.#options;
    const info = slot.model?.info;
    if (given.modelFolder !== undefined || !info?.roles.matching) return false;
    const vectors = await store.vectors(info.imageId, info.embeddingSize);
    return vectors.pictureIds().size > 0;
  }

  #choiceOf({ modelFolder, captionerFolder }: ChosenModel): ModelChoice {
    const { given, home, settings } = this.#options;
    const { imageSize, dtype } = given;
    return {
      folder: modelFolder ?? home.starterFolder,
      ...(captionerFolder !== null && { captionerFolder }),
      ...(imageSize !== undefined && { imageSize }),
      device: given.device ?? settings.value.device,
      ...(dtype && { dtype }),
    };
  }
}
