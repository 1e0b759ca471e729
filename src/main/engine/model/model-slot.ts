import { MedleyError, toErrorShape } from '#shared/errors.ts';
import type { DeviceChoice, Dtype, ModelStatus } from '#shared/schemas/model.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { SteadyModel, type Batched, type FailedProviders } from './steady-model.ts';

export interface ModelChoice {
  readonly folder: string;
  readonly captionerFolder?: string;
  readonly imageSize?: number;
  readonly device: DeviceChoice;
  readonly dtype?: Dtype;
  /** Providers that failed at work, and how. */
  readonly failed?: FailedProviders;
}

export type ModelLoader = (choice: ModelChoice) => Promise<MedModel>;

/** What the slot has without the sizes of batches, which are found at work. */
export type SlotStatus = Omit<ModelStatus, 'batches'>;

export interface SlotListeners {
  readonly onChange: () => void;
  /** The model goes on after its device failed. */
  readonly onNotice: (message: string) => void;
  /** No more than `most` items fit the device in this call. */
  readonly onTooLarge: (model: MedModel, call: Batched, most: number) => void;
}

/**
 * Holds the model in use. Loading happens beside everything else, and its failure is a status,
 * not an error: the library can be browsed without a model.
 */
export class ModelSlot {
  readonly #load: ModelLoader;
  readonly #listeners: SlotListeners;
  #status: SlotStatus = { state: 'loading', model: null, device: null, error: null };
  #model: MedModel | null = null;
  #loading: Promise<MedModel> | null = null;

  constructor(load: ModelLoader, listeners: SlotListeners) {
    this.#load = load;
    this.#listeners = listeners;
  }

  get status(): SlotStatus {
    return this.#status;
  }

  /** The model, once it is loaded. */
  get model(): MedModel | null {
    return this.#model;
  }

  /** Loads this model in place of the one before. Call it while nothing uses the model. */
  async select(choice: ModelChoice): Promise<void> {
    const before = this.#loading;
    const loading = this.#replace(before, choice);
    // `ready` hands the failure to whoever needs the model; here it has become a status.
    loading.catch(() => {});
    this.#loading = loading;
    await loading.catch(() => {});
  }

  /** Loads a model beside the one in use; {@link take} puts it in its place. */
  prepare(choice: ModelChoice): Promise<MedModel> {
    return this.#loadSteady(choice);
  }

  /** Puts a loaded model in place of the one before. Call it while nothing uses that. */
  async take(model: MedModel): Promise<void> {
    const before = this.#loading;
    this.#loading = Promise.resolve(model);
    this.#model = model;
    this.#set({ state: 'ready', model: model.info, device: model.device, error: null });
    await (await before?.catch(() => null))?.dispose();
  }

  /**
   * Waits for the model.
   * @throws {MedleyError} why it could not be loaded.
   */
  async ready(): Promise<MedModel> {
    // A second choice may replace the one waited for.
    for (let waited = null; waited !== this.#loading;) {
      waited = this.#loading;
      await waited?.catch(() => {});
    }
    if (!this.#loading) throw new MedleyError('engine-stopped', 'No model is loaded.');
    return this.#loading;
  }

  async close(): Promise<void> {
    const model = await this.#loading?.catch(() => null);
    this.#loading = null;
    this.#model = null;
    await model?.dispose();
  }

  async #replace(before: Promise<MedModel> | null, choice: ModelChoice): Promise<MedModel> {
    this.#model = null;
    this.#set({ state: 'loading', model: null, device: null, error: null });
    await (await before?.catch(() => null))?.dispose();
    try {
      const model = await this.#loadSteady(choice);
      this.#model = model;
      this.#set({ state: 'ready', model: model.info, device: model.device, error: null });
      return model;
    } catch (error) {
      this.#set({ state: 'failed', model: null, device: null, error: toErrorShape(error).message });
      throw error;
    }
  }

  async #loadSteady(choice: ModelChoice): Promise<MedModel> {
    const { onNotice, onTooLarge } = this.#listeners;
    const model: SteadyModel = await SteadyModel.load({
      load: (failed) => this.#load({ ...choice, failed }),
      onReload: (notice) => {
        if (this.#model === model) this.#set({ ...this.#status, device: model.device });
        onNotice(notice);
      },
      onTooLarge: (call, most) => onTooLarge(model, call, most),
    });
    return model;
  }

  #set(status: SlotStatus): void {
    this.#status = status;
    this.#listeners.onChange();
  }
}
