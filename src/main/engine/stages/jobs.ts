import { setImmediate as nextTurn } from 'node:timers/promises';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Activity, StageName } from '#shared/schemas/activity.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import type { Sides } from '#main/med/preprocess/square.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { Store } from '#main/store/store.ts';
import type { BatchSizes } from '../model/batch-sizes.ts';
import type { ModelSlot } from '../model/model-slot.ts';
import type { ModelTurns } from '../model/model-turns.ts';
import { Progress } from '../progress/progress.ts';
import type { WorkState } from '../settings/work-state.ts';
import { ImportWork, type WalkReport } from './import-work.ts';
import { ModelWork } from './model-work.ts';
import { PixelSource } from './pixel-source.ts';
import { WakeUp } from './wake-up.ts';

export interface JobsOptions {
  readonly store: Store;
  readonly importer: Importer;
  readonly slot: ModelSlot;
  readonly turns: ModelTurns;
  readonly batches: BatchSizes;
  readonly features: FeatureCache;
  readonly state: WorkState;
  readonly onChange: () => void;
  readonly onNotice: (message: string) => void;
}

/**
 * The background work: photos are imported, embedded, captioned and scored, import and model side by
 * side. What is left to do follows from the folders and the store, so that work goes on where it
 * was after a pause, a restart or a crash.
 */
export class Jobs {
  readonly progress = new Progress();
  readonly #options: JobsOptions;
  readonly #pixels: PixelSource;
  readonly #imports: ImportWork;
  readonly #wake = new WakeUp();
  #modelWork: ModelWork | null = null;
  #stop = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();
  #started = false;
  #closed = false;
  /** Why work has stopped: writes fail or the model does not work, and going on would be vain. */
  #problem: string | null = null;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#pixels = new PixelSource((photoId, sides) => this.#prepare(photoId, sides));
    this.#imports = new ImportWork({
      store: options.store,
      importer: options.importer,
      pixels: this.#pixels,
      progress: this.progress,
      sides: () => this.#sides(),
      onPhotos: (photoIds) => this.#modelWork?.add(photoIds),
      onProblem: options.onNotice,
      onChange: () => this.#changed(),
    });
  }

  /** Begins to work, if the person left it so. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#loops = Promise.all([this.#importLoop(), this.#modelLoop()]);
  }

  /** Walks folders again, for what changed there. */
  rescan(folders: readonly string[]): void {
    this.#beginRun();
    for (const folder of folders) this.#imports.scan(folder);
    this.#changed();
  }

  async addFolder(folder: string): Promise<void> {
    await this.#options.state.addFolder(folder);
    this.rescan([folder]);
  }

  async pause(): Promise<void> {
    if (this.#options.state.mode === 'running') await this.#setMode('paused');
  }

  async resume(): Promise<void> {
    this.#problem = null;
    await this.#setMode('running');
    this.progress.resume();
    this.rescan(this.#options.state.folders);
  }

  /** Drops the work left, until the next import. */
  async cancel(): Promise<void> {
    if (this.#idle && this.#options.state.mode === 'running') return;
    await this.#setMode('cancelled');
    this.#imports.clear();
    this.#changed();
  }

  /** Tries the failed files again. */
  async retry(): Promise<void> {
    await this.#options.store.files.forgetFailures();
    await this.resume();
  }

  /** Why work has stopped by itself; null while it has not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** What the last walk of this folder met. */
  walkReport(folder: string): WalkReport | null {
    return this.#imports.reports.get(folder) ?? null;
  }

  activity(): Activity {
    const { mode } = this.#options.state;
    const working = this.#started && this.#problem === null;
    const running = working && !this.#idle ? 'running' : 'idle';
    const state = mode !== 'running' ? mode : this.#problem === null ? running : 'paused';
    const backlog = { walking: this.#imports.walking, waiting: this.#waiting() };
    return this.progress.snapshot(state, backlog, this.#failureCount());
  }

  /** Resolves once nothing is left that could be done now. */
  async idle(): Promise<void> {
    while (this.#running && !this.#idle) await this.#wake.next();
    await this.#modelWork?.flush();
  }

  /** Takes the model now in the slot up, or none. Call it when the slot has changed. */
  async modelChanged(): Promise<void> {
    const { slot, features } = this.#options;
    const { model } = slot;
    const before = this.#modelWork;
    if (before?.model === model) return;
    this.#modelWork = null;
    this.#pixels.clear();
    features.clear();
    if (model) await this.#guarded(() => this.#takeUp(model, before));
    else this.#changed();
  }

  /** Stops after the batches under way, with everything done on disk. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop.abort();
    this.#pixels.clear();
    this.#wake.now();
    await this.#loops;
    await this.#modelWork?.flush();
  }

  async #takeUp(model: MedModel, before: ModelWork | null): Promise<void> {
    // What the model before has made is on disk first, so that it counts.
    await before?.flush();
    const { store, slot, turns, batches, features } = this.#options;
    const { id, embeddingSize, roles } = model.info;
    const vectors = roles.matching ? await store.vectors(id, embeddingSize) : null;
    if (slot.model !== model) return;
    if (!this.#imports.active) this.progress.restart();
    this.#modelWork = new ModelWork({
      store,
      model,
      vectors,
      features,
      turns,
      batches,
      isInUse: () => slot.model === model,
      pixels: this.#pixels,
      progress: this.progress,
      onChange: () => this.#changed(),
    });
  }

  /** Makes an imported photo ready for the model. */
  async #prepare(photoId: string, sides: Sides): Promise<readonly Pixels[]> {
    const { store, importer } = this.#options;
    const [path] = store.files.pathsOf(photoId);
    if (path === undefined) {
      throw new MedleyError('file-missing', `No file holds photo ${photoId} any more.`);
    }
    return importer.squares(path, sides);
  }

  async #sides(): Promise<Sides> {
    const model = await this.#options.slot.ready().catch(() => null);
    return model?.inputSides ?? [];
  }

  #waiting(): Record<StageName, number> {
    if (this.#options.state.mode === 'cancelled') {
      return { scan: 0, thumbnail: 0, embed: 0, caption: 0, score: 0 };
    }
    const { waiting: thumbnail, coming } = this.#imports;
    // Each file to import becomes a photo to embed and to caption.
    const left = this.#modelWork?.waiting(coming) ?? { embed: 0, caption: 0, score: 0 };
    return { scan: 0, thumbnail, ...left };
  }

  #failureCount(): number {
    let count = 0;
    for (const { failure } of this.#options.store.files.all()) if (failure) count++;
    return count;
  }

  get #running(): boolean {
    return (
      this.#started &&
      !this.#closed &&
      this.#problem === null &&
      this.#options.state.mode === 'running'
    );
  }

  get #idle(): boolean {
    const { slot } = this.#options;
    if (this.#imports.active || slot.status.state === 'loading') return false;
    // A model just loaded has not been asked yet what it has left to do.
    if (slot.model !== (this.#modelWork?.model ?? null)) return false;
    const left = this.#modelWork?.waiting(0);
    return left === undefined || left.embed + left.caption + left.score === 0;
  }

  #beginRun(): void {
    if (this.#idle) this.progress.restart();
  }

  async #setMode(mode: 'running' | 'paused' | 'cancelled'): Promise<void> {
    await this.#options.state.setMode(mode);
    if (mode !== 'running') this.#stop.abort();
    this.#changed();
  }

  #changed(): void {
    this.#wake.now();
    this.#options.onChange();
  }

  async #importLoop(): Promise<void> {
    while (!this.#closed) {
      if (!this.#running || !this.#imports.active) {
        await this.#wake.next();
        continue;
      }
      this.#stop = new AbortController();
      await this.#guarded(() => this.#imports.run(this.#stop.signal));
    }
  }

  async #modelLoop(): Promise<void> {
    while (!this.#closed) {
      const work = this.#modelWork;
      const worked = this.#running && work !== null && (await this.#runModel(work));
      // Messages and timers have their turn between two batches.
      if (worked) await nextTurn();
      // Another model may have come while this one did nothing.
      else if (!this.#closed && work === this.#modelWork) await this.#wake.next();
    }
  }

  async #runModel(work: ModelWork): Promise<boolean> {
    const more = this.#imports.active && !this.#pixels.full;
    let worked = false;
    await this.#guarded(async () => {
      worked = await work.runNext(more);
      // While photos still come, rows wait for company.
      if (!worked && !more) await work.flush();
    });
    return worked;
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#closed || (error instanceof MedleyError && error.code === 'cancelled')) return;
      this.#problem = `Work on the library has stopped: ${messageOf(error)}`;
      this.#stop.abort();
      this.#options.onNotice(this.#problem);
    } finally {
      this.#changed();
    }
  }
}
