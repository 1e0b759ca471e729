import { setImmediate as nextTurn } from 'node:timers/promises';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Activity, StageWords } from '#shared/schemas/activity.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import type { Sides } from '#main/med/preprocess/square.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { ScanOptions } from '#main/library/scan-folder.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import { removeFolder } from '#main/store/change-files.ts';
import type { Store } from '#main/store/store.ts';
import type { BatchSizes } from '../model/batch-sizes.ts';
import type { ModelSlot } from '../model/model-slot.ts';
import type { ModelTurns } from '../model/model-turns.ts';
import { Progress } from '../progress/progress.ts';
import type { WorkState } from '../settings/work-state.ts';
import { importing } from '../stages/import/import-words.ts';
import { ImportWork, type WalkReport } from '../stages/import/import-work.ts';
import type { Stage } from '../stages/stage.ts';
import { ModelWork } from './model-work.ts';
import { PixelSource } from './pixel-source.ts';
import { WakeUp } from './wake-up.ts';

export interface JobsOptions {
  readonly store: Store;
  readonly stages: readonly Stage[];
  readonly importer: Importer;
  readonly slot: ModelSlot;
  readonly turns: ModelTurns;
  readonly batches: BatchSizes;
  readonly features: FeatureCache;
  readonly state: WorkState;
  readonly onChange: () => void;
  readonly onNotice: (message: string) => void;
  /** A folder was looked through to its end; what is new there may still be imported. */
  readonly onWalked: (folder: string) => void;
}

/**
 * The background work: photos are imported, embedded, captioned and scored, import and model side by
 * side. What is left to do follows from the folders and the store, so that work goes on where it
 * was after a pause, a restart or a crash.
 */
export class Jobs {
  readonly progress: Progress;
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
  /** The revision of the library that is compacted. */
  #compactedAt = 0;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.progress = new Progress([importing, ...options.stages]);
    this.#pixels = new PixelSource((pictureId, sides) => this.#prepare(pictureId, sides));
    this.#imports = new ImportWork({
      store: options.store,
      importer: options.importer,
      pixels: this.#pixels,
      progress: this.progress,
      sides: () => this.#sides(),
      onPictures: (pictureIds) => this.#modelWork?.add(pictureIds),
      onBack: () => this.#modelWork?.addAll(),
      onWalked: options.onWalked,
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

  /**
   * Walks a folder again, or all of them, for what changed there.
   * @throws {MedleyError} `folder-missing` when the library has no such folder.
   */
  rescan(folder: string | null = null, options: ScanOptions = {}): void {
    if (folder !== null) this.#requireFolder(folder);
    this.#beginRun();
    for (const each of this.#options.state.folders) {
      if (folder === null || each === folder) this.#imports.scan(each, options);
    }
    this.#changed();
  }

  async addFolder(folder: string, options: ScanOptions = {}): Promise<void> {
    await this.#options.state.addFolder(folder);
    this.rescan(folder, options);
  }

  /**
   * Takes a folder out of the library; what is known of its photos stays for its coming back.
   * @throws {MedleyError} `folder-missing` when the library has no such folder.
   */
  async removeFolder(folder: string): Promise<void> {
    this.#requireFolder(folder);
    const { state, store } = this.#options;
    await state.removeFolder(folder);
    this.#imports.leave(folder);
    // A walk under way goes on with the folders that are left.
    this.#stop.abort();
    await this.#imports.settled();
    await removeFolder(store.tables, folder, state.folders);
    this.#modelWork?.dropHidden();
    this.#changed();
  }

  #requireFolder(folder: string): void {
    if (this.#options.state.folders.includes(folder)) return;
    throw new MedleyError('folder-missing', `The library has no folder ${folder}.`, {
      subject: folder,
    });
  }

  async pause(): Promise<void> {
    if (this.#options.state.mode === 'running') await this.#setMode('paused');
  }

  async resume(): Promise<void> {
    this.#problem = null;
    await this.#setMode('running');
    this.progress.resume();
    this.rescan();
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
    const { failures } = this.#options.store.tables;
    await failures.clear(failures.standing());
    this.#modelWork?.addAll();
    await this.resume();
  }

  /** Looks at pictures again for work left to do, as when a text about them came. */
  lookAt(pictureIds: readonly string[]): void {
    this.#modelWork?.add(pictureIds);
    this.#changed();
  }

  /** How the stages are told to people, by name. */
  get stageWords(): ReadonlyMap<string, StageWords> {
    const named = [importing, ...this.#options.stages];
    return new Map(named.map(({ name, words }) => [name, words]));
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
    const backlog = {
      walking: this.#imports.walking,
      waiting: this.#waiting(),
      problem: this.#problem,
    };
    return this.progress.snapshot(state, backlog, this.#options.store.tables.failures.count);
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
    const { store, stages, slot, turns, batches, features } = this.#options;
    const work = await ModelWork.begin({
      store,
      stages,
      model,
      features,
      turns,
      batches,
      isInUse: () => slot.model === model,
      pixels: this.#pixels,
      progress: this.progress,
      onChange: () => this.#changed(),
    });
    if (slot.model !== model) return;
    if (!this.#imports.active) this.progress.restart();
    this.#modelWork = work;
  }

  /** Makes an imported picture ready for the model. */
  async #prepare(pictureId: string, sides: Sides): Promise<readonly Pixels[]> {
    const { store, importer } = this.#options;
    const path = store.pathOfPicture(pictureId);
    if (path === undefined) {
      throw new MedleyError('file-missing', `No file shows picture ${pictureId} any more.`);
    }
    return importer.squares(path, sides);
  }

  async #sides(): Promise<Sides> {
    const model = await this.#options.slot.ready().catch(() => null);
    return model?.inputSides ?? [];
  }

  #waiting(): Map<string, number> {
    if (this.#options.state.mode === 'cancelled') return new Map();
    const { waiting, coming } = this.#imports;
    return new Map([
      [importing.name, waiting],
      // Each file to import becomes a picture for the stages to come.
      ...(this.#modelWork?.waiting(coming) ?? []),
    ]);
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
    return this.#modelWork?.idle ?? true;
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
      await this.#guarded(async () => {
        await this.#imports.run(this.#stop.signal);
        await this.#comeToRest();
      });
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
      if (!worked && !more) {
        await work.flush();
        await this.#comeToRest();
        // Pictures that came meanwhile have woken nobody.
        worked = !work.idle;
      }
    });
    return worked;
  }

  /** Compacts the library once everything is done. */
  async #comeToRest(): Promise<void> {
    const { store } = this.#options;
    if (!this.#idle || this.#compactedAt === store.revision) return;
    await store.compact();
    this.#compactedAt = store.revision;
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
