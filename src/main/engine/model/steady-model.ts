import { MedleyError } from '#shared/errors.ts';
import type { DeviceStatus, ModelInfo, Provider } from '#shared/schemas/model.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import type {
  CaptionOptions,
  FeatureUse,
  GeneratedCaption,
  ImageEmbedding,
  ImageFeatures,
  Match,
  MatchToken,
  MedModel,
  Rivals,
  TextLikelihood,
} from '#main/med/model/med-model.ts';
import type { PhotoInput, Pixels } from '#main/med/preprocess/photo-input.ts';
import type { Sides } from '#main/med/preprocess/square.ts';
import { classifyFailure, plainReason } from '#main/runtime/failures.ts';

/** Providers that failed at work, and how. */
export type FailedProviders = ReadonlyMap<Provider, string>;

export type Batched =
  'embedImages' | 'embedTexts' | 'match' | 'caption' | 'scoreTokens' | 'likelihoods';

export interface SteadyModelOptions {
  /** Loads the model, on none of the providers that failed. */
  readonly load: (failed: FailedProviders) => Promise<MedModel>;
  /** The model was loaded again, on the same device or another; `notice` says why, to a person. */
  readonly onReload: (notice: string) => void;
  /** A batch did not fit: from now on no more than `most` items are run at once. */
  readonly onTooLarge: (call: Batched, most: number) => void;
}

/** A device that worked this long after it was lost may be lost again without being given up. */
const settledMs = 10 * 60_000;

/**
 * A model that survives its device. What does not fit its memory is run in halves; when the device
 * fails, the model is loaded again, once on the same provider and then on the next, and the call
 * is repeated. Nobody who uses it notices, but for the time it takes.
 */
export class SteadyModel implements MedModel {
  readonly #options: SteadyModelOptions;
  readonly #failed = new Map<Provider, string>();
  readonly #most = new Map<Batched, number>();
  /** When each provider was last given another chance. */
  readonly #reloadedAt = new Map<Provider, number>();
  #model: MedModel;
  #reloading: Promise<void> | null = null;
  #disposed = false;

  private constructor(model: MedModel, options: SteadyModelOptions) {
    this.#model = model;
    this.#options = options;
  }

  static async load(options: SteadyModelOptions): Promise<SteadyModel> {
    return new SteadyModel(await options.load(new Map()), options);
  }

  get info(): ModelInfo {
    return this.#model.info;
  }

  /** What runs the model now. */
  get device(): DeviceStatus {
    return this.#model.device;
  }

  get inputSides(): Sides {
    return this.#model.inputSides;
  }

  inputOf(squares: readonly Pixels[]): PhotoInput {
    return this.#model.inputOf(squares);
  }

  hasWord(word: string): boolean {
    return this.#model.hasWord(word);
  }

  embedImages(photos: readonly PhotoInput[], use?: FeatureUse): Promise<ImageEmbedding[]> {
    return this.#run('embedImages', photos, (model, part) => model.embedImages(part, use));
  }

  embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    return this.#run('embedTexts', texts, (model, part) => model.embedTexts(part));
  }

  async match(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    first?: MatchToken,
  ): Promise<Match[]> {
    if (images.length !== texts.length) return this.#model.match(images, texts, first);
    const pairs = images.map((image, i) => ({ image, text: texts[i] }));
    return this.#run('match', pairs, (model, part) =>
      model.match(
        part.map(({ image }) => image),
        part.map(({ text }) => text),
        first,
      ),
    );
  }

  caption(
    images: readonly ImageFeatures[],
    options: CaptionOptions,
  ): Promise<GeneratedCaption[][]> {
    return this.#run('caption', images, (model, part) => model.caption(part, options));
  }

  scoreTokens(
    images: readonly ImageFeatures[],
    tokens: readonly number[],
  ): Promise<Float32Array[]> {
    return this.#run('scoreTokens', images, (model, part) => model.scoreTokens(part, tokens));
  }

  async logLikelihoods(
    images: readonly ImageFeatures[],
    texts: readonly string[],
  ): Promise<number[]> {
    const all = await this.likelihoods(images, texts, new Map());
    return all.map(({ total }) => total);
  }

  async likelihoods(
    images: readonly ImageFeatures[],
    texts: readonly string[],
    rivals: Rivals,
  ): Promise<TextLikelihood[]> {
    if (images.length !== texts.length) return this.#model.likelihoods(images, texts, rivals);
    const pairs = images.map((image, i) => ({ image, text: texts[i] }));
    return this.#run('likelihoods', pairs, (model, part) =>
      model.likelihoods(
        part.map(({ image }) => image),
        part.map(({ text }) => text),
        rivals,
      ),
    );
  }

  decodingOf(options: CaptionOptions): Decoding {
    return this.#model.decodingOf(options);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#reloading?.catch(() => {});
    await this.#model.dispose();
  }

  /** Runs a batch in as many parts as fit. */
  async #run<Item, T>(
    call: Batched,
    items: readonly Item[],
    work: (model: MedModel, items: readonly Item[]) => Promise<T[]>,
  ): Promise<T[]> {
    const results: T[] = [];
    do {
      const most = this.#most.get(call) ?? Infinity;
      const part = items.slice(results.length, results.length + most);
      results.push(...(await this.#attempt(call, part, work)));
    } while (results.length < items.length);
    return results;
  }

  /** Runs a batch until it succeeds, or fails for a reason that is not the device's. */
  async #attempt<Item, T>(
    call: Batched,
    items: readonly Item[],
    work: (model: MedModel, items: readonly Item[]) => Promise<T[]>,
  ): Promise<T[]> {
    for (;;) {
      await this.#reloading;
      const model = this.#model;
      try {
        return await work(model, items);
      } catch (error) {
        const failure = classifyFailure(error, model.device.provider);
        if (failure === null || this.#disposed) throw error;
        if (failure === 'memory' && items.length > 1) {
          this.#lower(call, Math.ceil(items.length / 2));
          return this.#run(call, items, work);
        }
        await this.#recover(model, failure === 'memory', error);
      }
    }
  }

  #lower(call: Batched, most: number): void {
    this.#most.set(call, Math.min(most, this.#most.get(call) ?? Infinity));
    this.#options.onTooLarge(call, most);
  }

  /** Loads the model again, unless another call that failed with it has done so. */
  async #recover(failed: MedModel, lacksMemory: boolean, error: unknown): Promise<void> {
    if (this.#model !== failed) return;
    this.#reloading ??= this.#reload(failed, lacksMemory, error).finally(() => {
      this.#reloading = null;
    });
    await this.#reloading;
  }

  async #reload(failed: MedModel, lacksMemory: boolean, error: unknown): Promise<void> {
    const { provider } = failed.device;
    if (provider === 'cpu') throw error;
    const reason = lacksMemory ? 'It has too little memory for this model.' : plainReason(error);
    const again = performance.now() - (this.#reloadedAt.get(provider) ?? -Infinity) > settledMs;
    if (again && !lacksMemory) this.#reloadedAt.set(provider, performance.now());
    else this.#failed.set(provider, reason);
    // What a lost device held is gone, and letting go of it may fail.
    await failed.dispose().catch(() => {});
    this.#model = await this.#load();
    // Another device has another amount of memory.
    if (this.device.provider !== provider) this.#most.clear();
    this.#options.onReload(this.#notice(provider, reason));
  }

  async #load(): Promise<MedModel> {
    try {
      return await this.#options.load(this.#failed);
    } catch (cause) {
      throw new MedleyError(
        'device-unavailable',
        'The device failed, and the model could not be loaded again. Start Medley again.',
        { cause },
      );
    }
  }

  #notice(before: Provider, reason: string): string {
    const { provider } = this.device;
    return provider === before
      ? `The device ${before} stopped working and was started again; nothing was lost. ${reason}`
      : `The device ${before} stopped working, and ${provider} has taken over; nothing was lost. ${reason}`;
  }
}
