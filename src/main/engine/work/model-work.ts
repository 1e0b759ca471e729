import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { Store } from '#main/store/store.ts';
import type { Progress } from '../progress/progress.ts';
import type {
  EncodedPhoto,
  EncodingStage,
  FeatureStage,
  OpenStage,
  SeenPhoto,
  Stage,
} from '../stages/stage.ts';
import { ModelRuns, type ModelRunsOptions } from './model-runs.ts';
import { PhotoEncoder } from './photo-encoder.ts';
import { PhotoFailures } from './photo-failures.ts';
import type { PixelSource } from './pixel-source.ts';
import { runBatch } from './run-batch.ts';
import { WorkSet } from './work-set.ts';

export interface ModelWorkOptions extends ModelRunsOptions {
  readonly store: Store;
  readonly stages: readonly Stage[];
  readonly features: FeatureCache;
  readonly pixels: PixelSource;
  readonly progress: Progress;
  readonly onChange: () => void;
}

/** Pictures that are taken in without a pause: some milliseconds. */
const addedAtOnce = 2000;

/** A stage at work, and the pictures that wait for it. */
interface Lane<S extends Stage, Photo> {
  readonly stage: S;
  readonly open: OpenStage<Photo>;
  readonly waiting: WorkSet;
}
type EncodingLane = Lane<EncodingStage, EncodedPhoto>;
type FeatureLane = Lane<FeatureStage, SeenPhoto>;

/** Pictures that a stage can be run on now. */
interface ReadyBatch {
  readonly lane: FeatureLane;
  readonly batch: string[];
  /** Fewer than the stage is given at a time. */
  readonly short: boolean;
}

/**
 * What one model has left to do for the library, stage by stage. The work is derived from the store
 * when this begins, and from new photos after that.
 */
export class ModelWork {
  readonly model: MedModel;
  readonly #options: ModelWorkOptions;
  readonly #encoding: readonly EncodingLane[];
  readonly #onFeatures: readonly FeatureLane[];
  readonly #runs: ModelRuns;
  readonly #failures: PhotoFailures;
  readonly #encoder: PhotoEncoder;

  private constructor(
    options: ModelWorkOptions,
    runs: ModelRuns,
    encoding: readonly EncodingLane[],
    onFeatures: readonly FeatureLane[],
  ) {
    const { store, model, features, pixels, progress, onChange } = options;
    this.#options = options;
    this.model = model;
    this.#runs = runs;
    this.#encoding = encoding;
    this.#onFeatures = onFeatures;
    this.#failures = new PhotoFailures({
      store,
      model,
      progress,
      onFailed: (stage, pictureId) => {
        this.#lanes.find((lane) => lane.stage.name === stage)?.waiting.delete(pictureId);
        onChange();
      },
    });
    this.#encoder = new PhotoEncoder({
      model,
      runs,
      failures: this.#failures,
      features,
      pixels,
      useOf: (ids) => (this.#isWanted(ids, 'everything') ? 'everything' : 'matching'),
    });
  }

  /**
   * Opens the stages that this model can do, with what is left of each. To find that out takes a second in a
   * large library: searches go first.
   */
  static async begin(options: ModelWorkOptions): Promise<ModelWork> {
    const { stages, store, model } = options;
    const runs = new ModelRuns(options);
    const encoding: EncodingLane[] = [];
    const onFeatures: FeatureLane[] = [];
    const written = async () => {
      for (const { open } of [...encoding, ...onFeatures]) await open.flush();
    };
    const tools = { store, model, written, measured: runs.measured.bind(runs) };
    for (const stage of stages) {
      if (stage.needs === 'encoding') {
        const open = await stage.open(tools);
        if (open !== null) encoding.push({ stage, open, waiting: new WorkSet() });
      } else {
        const open = await stage.open(tools);
        if (open !== null) onFeatures.push({ stage, open, waiting: new WorkSet() });
      }
    }
    const work = new ModelWork(options, runs, encoding, onFeatures);
    await work.#addGently();
    return work;
  }

  /** Takes every picture in, with pauses for whatever else there is to do. */
  async #addGently(): Promise<void> {
    const { store, turns } = this.#options;
    const { revision } = store;
    const pictureIds = Array.from(store.photos().values(), ({ pictureId }) => pictureId);
    for (let start = 0; start < pictureIds.length; start += addedAtOnce) {
      this.add(pictureIds.slice(start, start + addedAtOnce));
      await nextTurn();
      await turns.quiet();
    }
    if (store.revision === revision) return;
    // What was taken in may not be so any more, and more may have come.
    this.dropHidden();
    this.addAll();
  }

  /** Pictures that wait, by stage, when so many more have come. */
  waiting(coming: number): Map<string, number> {
    return new Map(
      this.#lanes.map(({ stage, waiting }) => [
        stage.name,
        waiting.size + (stage.everyPicture ? coming : 0),
      ]),
    );
  }

  /** Whether any stage has something to do. */
  get idle(): boolean {
    return this.#lanes.every(({ waiting }) => waiting.size === 0);
  }

  /** Takes every picture in that a stage has not done, as after failures were let go of. */
  addAll(): void {
    const photos = this.#options.store.photos().values();
    this.add(Array.from(photos, ({ pictureId }) => pictureId));
  }

  /** Takes pictures in that were imported just now. */
  add(pictureIds: readonly string[]): void {
    for (const { stage, open, waiting } of this.#lanes) {
      waiting.add(open.pending(pictureIds).filter((id) => !this.#failures.has(stage.name, id)));
    }
    for (const id of pictureIds)
      if (!this.#waitsFor(id, this.#lanes)) this.#options.pixels.drop(id);
  }

  /** Leaves the pictures that are not on show any more. */
  dropHidden(): void {
    const { store, pixels } = this.#options;
    for (const { waiting } of this.#lanes) {
      const hidden = waiting.peek(waiting.size, (id) => store.photoOfPicture(id) === undefined);
      for (const id of hidden) {
        waiting.delete(id);
        pixels.drop(id);
      }
    }
  }

  /**
   * Does the next batch.
   * @param more whether more photos are on their way, so that a short batch should wait.
   * @returns false when there is nothing to do now.
   */
  async runNext(more: boolean): Promise<boolean> {
    const encoding = this.#nextEncoding(more);
    const next = this.#nextOnFeatures();
    if (encoding !== null && (next === null || this.#goesFirst(encoding, next.lane))) {
      await this.#encode(encoding);
      return true;
    }
    // Where more photos come, a short batch waits for them.
    if (next === null || (encoding === null && more && next.short)) return false;
    await this.#runOnFeatures(next.lane, next.batch);
    return true;
  }

  async flush(): Promise<void> {
    for (const { open } of this.#lanes) await open.flush();
  }

  get #lanes(): readonly (EncodingLane | FeatureLane)[] {
    return [...this.#encoding, ...this.#onFeatures];
  }

  #waitsFor(id: string, lanes: readonly { readonly waiting: WorkSet }[]): boolean {
    return lanes.some(({ waiting }) => waiting.has(id));
  }

  #isWanted(ids: readonly string[], use: Stage['use']): boolean {
    const wanting = this.#lanes.filter(({ stage }) => stage.use === use);
    return ids.some((id) => this.#waitsFor(id, wanting));
  }

  /** The encoding to go on with: where more photos come, only with a whole batch. */
  #nextEncoding(more: boolean): EncodingLane | null {
    const least = ({ stage }: EncodingLane) => (more ? this.#runs.batch(stage.batch) : 1);
    return this.#encoding.find((lane) => lane.waiting.size >= least(lane)) ?? null;
  }

  /**
   * The first stage that has pictures which are through with all stages before, and up to a batch of
   * these: those with features at hand first.
   */
  #nextOnFeatures(): ReadyBatch | null {
    const { features } = this.#options;
    for (const [at, lane] of this.#onFeatures.entries()) {
      const before = [...this.#encoding, ...this.#onFeatures.slice(0, at)];
      const ready = (id: string) => !this.#waitsFor(id, before);
      const size = this.#runs.batch(lane.stage.batch);
      const batch = lane.waiting.peek(size, (id) => features.has(id) && ready(id), ready);
      if (batch.length > 0) return { lane, batch, short: batch.length < size };
    }
    return null;
  }

  /**
   * Whether to encode before a stage on features. Encoding goes first, since it makes photos findable,
   * as long as the features it leaves for the other stages fit the cache: computing them twice would
   * cost more than the wait.
   */
  #goesFirst(encoding: EncodingLane, lane: FeatureLane): boolean {
    const { features, progress } = this.#options;
    const cacheFull = features.bytes > features.maxBytes / 2;
    const costUnknown = progress.knows(encoding.stage.name) && !progress.knows(lane.stage.name);
    return !cacheFull && !costUnknown;
  }

  async #encode({ stage, open, waiting }: EncodingLane): Promise<void> {
    const { pixels, progress, onChange } = this.#options;
    const size = this.#runs.batch(stage.batch);
    const ids = waiting.peek(2 * size, () => true);
    const batch = ids.slice(0, size);
    const start = performance.now();
    const encoding = this.#encoder.encode(batch, stage.name);
    pixels.prefetch(ids.slice(size), this.model.inputSides);
    const encoded = await encoding;
    await open.run(encoded);
    for (const id of batch) waiting.delete(id);
    progress.done(stage.name, encoded.length, performance.now() - start);
    onChange();
  }

  async #runOnFeatures(lane: FeatureLane, batch: readonly string[]): Promise<void> {
    const { stage, open, waiting } = lane;
    const { progress, onChange } = this.#options;
    const start = performance.now();
    // What a stage before did may have done this one's work too.
    const left = open.pending(batch);
    const known = await this.#encoder.featuresOf(left, stage.name, stage.use);
    const photos = Array.from(known, ([pictureId, features]) => ({ pictureId, features }));
    const outcomes = await this.#runs.turn(() =>
      runBatch(photos, async (items) => {
        await open.run(items);
        return items;
      }),
    );
    const done = await this.#failures.settle([...known.keys()], outcomes, stage.name);
    for (const id of batch) waiting.delete(id);
    if (waiting.size === 0) this.#leaveUnwanted(lane);
    progress.done(stage.name, done.length, performance.now() - start);
    onChange();
  }

  /** Once a stage is through: leaves the pictures of which it turned out that no stage behind it need be run. */
  #leaveUnwanted(through: FeatureLane): void {
    const from = this.#onFeatures.indexOf(through) + 1;
    for (const [at, { open, waiting }] of this.#onFeatures.entries()) {
      if (at < from) continue;
      const before = [...this.#encoding, ...this.#onFeatures.slice(0, at)];
      const ready = waiting.peek(waiting.size, (id) => !this.#waitsFor(id, before));
      const wanted = new Set(open.pending(ready));
      for (const id of ready) if (!wanted.has(id)) waiting.delete(id);
    }
  }
}
