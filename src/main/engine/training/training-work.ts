import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonFile } from '#main/files/json-file.ts';
import { makeFolder } from '#main/files/make-folder.ts';
import type { TrainingProgress } from '#main/training/training-progress.ts';
import { MedleyError, messageOf, type ErrorCode } from '#shared/errors.ts';
import type { TaskProgress } from '#shared/schemas/tasks.ts';
import type { TrainingGoal } from '#shared/schemas/training.ts';
import type { AdoptedStatus, AdoptedWork } from '../tasks/adopted-task.ts';
import { startTraining, type StartTraining, type TrainingChild } from './training-child.ts';
import {
  trainingFile,
  type TrainingFile,
  type TrainingJob,
  type TrainingState,
} from './training-file.ts';
import { scoresOf, withProgress } from './training-report.ts';

export interface TrainingWorkOptions {
  /** Where a training keeps its files. */
  readonly folder: string;
  readonly beforeStep: () => Promise<void>;
  /** Hears of every change of the status. */
  readonly onChange: () => void;
  /**
   * Takes the model that came out among the models, and to use where it is better.
   * @param adapter its file
   * @returns the name it got
   */
  readonly onTrained: (job: TrainingJob, adapter: string, better: boolean) => Promise<string>;
  readonly start?: StartTraining | undefined;
  /** How often the curves are written while it learns; left out, as often as {@link curveSeconds}. */
  readonly curveSeconds?: number | undefined;
}

/** More often than what is learnt is put down (`training-process.ts`): a crash loses hardly any of the curves. */
const curveSeconds = 10;

/** Where nothing was done yet, or nobody knows how far it is. */
const unknown: TaskProgress = {
  done: 0,
  total: null,
  unit: 'steps',
  rate: null,
  secondsLeft: null,
};

/** Reasons that do not pass by themselves: going on would meet them again. */
const final: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'bad-request',
  'training-diverged',
  'checkpoint-invalid',
  'file-missing',
]);

/**
 * The training of a library: one at a time, which outlives the engine. What it is and how far lies in its
 * folder; a process of its own does it.
 */
export class TrainingWork implements AdoptedWork {
  readonly subject = 'training';
  readonly #options: TrainingWorkOptions;
  #file: TrainingFile;
  #progress = unknown;
  #child: TrainingChild | null = null;
  /** When the curves were written last, in milliseconds. */
  #writtenAt = -Infinity;
  /** Settles when the process has ended and its end is noted. */
  #run: Promise<void> = Promise.resolve();
  /** The last change of the folder; the next one waits for it. */
  #disk: Promise<unknown> = Promise.resolve();
  /** What it becomes when it is put down. */
  #wanted: TrainingState | 'cancelled' = 'running';

  /** @param file what lies in the folder ({@link readTraining}) */
  constructor(options: TrainingWorkOptions, file: TrainingFile) {
    this.#options = options;
    this.#file = file;
  }

  get name(): string {
    return this.#file?.job.modelName ?? '';
  }

  /** Null where there is no training, or it was dismissed. */
  get status(): AdoptedStatus | null {
    if (this.#file === null) return null;
    const { state, error, report } = this.#file;
    return { kind: 'training', ...report, state, error, progress: this.#progress };
  }

  /** Goes on with what ran when the engine was closed. */
  takeUp(): void {
    if (this.#file?.state === 'running') this.#begin();
    else this.#tell();
  }

  /** @throws MedleyError `model-busy` while another is not over */
  async start(goal: TrainingGoal, job: TrainingJob): Promise<void> {
    if (this.#file?.state === 'running' || this.#file?.state === 'paused') {
      throw new MedleyError('model-busy', 'A training is under way. Cancel it first.', {
        subject: this.subject,
      });
    }
    const captions = job.photos.reduce((sum, photo) => sum + photo.captions.length, 0);
    this.#file = {
      state: 'running',
      error: null,
      job,
      report: {
        goal,
        imageBlocks: job.recipe.imageBlocks,
        stage: 'features',
        photos: job.photos.length,
        captions,
        unreadable: 0,
        losses: [],
        epochs: [],
        outcome: null,
      },
    };
    try {
      await this.#clear();
      await this.#save();
    } catch (error) {
      this.#file = null;
      throw error;
    }
    this.#begin();
  }

  async pause(): Promise<void> {
    await this.#putDown('paused');
  }

  async resume(): Promise<void> {
    if (this.#file?.state !== 'paused') return;
    await this.#become({ state: 'running', error: null });
    this.#begin();
  }

  /** Stops it, and forgets what it has learnt. */
  async cancel(): Promise<void> {
    await this.#putDown('cancelled');
    if (this.#file?.state === 'paused') await this.#forget();
  }

  async dismiss(): Promise<void> {
    if (this.#file?.state === 'done' || this.#file?.state === 'failed') await this.#forget();
  }

  /** Puts it down, to be taken up at the next start. */
  async close(): Promise<void> {
    await this.#putDown('running');
  }

  async #putDown(wanted: TrainingState | 'cancelled'): Promise<void> {
    if (this.#child !== null) {
      this.#wanted = wanted;
      this.#child.putDown();
    }
    await this.#run;
  }

  #begin(): void {
    const { folder, beforeStep, start = startTraining } = this.#options;
    this.#wanted = 'running';
    this.#progress = unknown;
    const child = start(folder, {
      beforeStep,
      onProgress: (progress) => this.#hear(progress),
    });
    this.#child = child;
    this.#run = child.ended
      .then(async (end) => {
        this.#child = null;
        if (end.type === 'done') {
          await this.#finish(end.outcome, end.unreadable);
        } else if (end.error.code === 'cancelled') {
          await this.#stop();
        } else {
          const state = final.has(end.error.code) ? 'failed' : 'paused';
          await this.#become({ state, error: end.error.message });
        }
      })
      .catch((error: unknown) => {
        this.#child = null;
        if (this.#file) this.#file = { ...this.#file, state: 'paused', error: messageOf(error) };
        this.#tell();
      });
    this.#tell();
  }

  #hear(progress: TrainingProgress): void {
    if (this.#file === null) return;
    const { done, total, secondsLeft } = progress;
    this.#progress = { ...unknown, done, total, secondsLeft };
    const epochs = this.#file.report.epochs.length;
    this.#file = { ...this.#file, report: withProgress(this.#file.report, progress) };
    const due =
      performance.now() - this.#writtenAt >= (this.#options.curveSeconds ?? curveSeconds) * 1000;
    // The curves so far outlive a crash; what is learnt does without them.
    if (due || this.#file.report.epochs.length > epochs) {
      this.#writtenAt = performance.now();
      this.#save().catch(() => {});
    }
    this.#tell();
  }

  async #finish(outcome: Done['outcome'], unreadable: number): Promise<void> {
    if (this.#file === null) return;
    const { job, report } = this.#file;
    const { card, file, epochs } = outcome;
    const model = await this.#options.onTrained(job, file, card.better);
    this.#file = {
      state: 'done',
      error: null,
      // What it learnt from is in the library, and need not be kept twice.
      job: { ...job, photos: [] },
      report: {
        ...report,
        unreadable,
        epochs: epochs.map(({ epoch, measures }) => ({ epoch, measures })),
        outcome: { ...scoresOf(card), model },
      },
    };
    await rm(file, { force: true });
    await this.#save();
    this.#tell();
  }

  async #stop(): Promise<void> {
    if (this.#wanted === 'cancelled') await this.#forget();
    else await this.#become({ state: this.#wanted, error: null });
  }

  async #become(change: Pick<NonNullable<TrainingFile>, 'state' | 'error'>): Promise<void> {
    if (this.#file === null) return;
    this.#file = { ...this.#file, ...change };
    this.#tell();
    await this.#save();
  }

  async #forget(): Promise<void> {
    this.#file = null;
    await this.#clear();
    this.#tell();
  }

  /** Writes what there is to know, unless it is forgotten by then. */
  #save(): Promise<void> {
    const { folder } = this.#options;
    return this.#inTurn(async () => {
      if (this.#file === null) return;
      await makeFolder(folder);
      await writeJsonFile(join(folder, trainingFile), this.#file);
    });
  }

  #clear(): Promise<void> {
    return this.#inTurn(() => rm(this.#options.folder, { recursive: true, force: true }));
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#disk.then(change);
    this.#disk = turn.catch(() => {});
    return turn;
  }

  #tell(): void {
    this.#options.onChange();
  }
}

type Done = Extract<Awaited<TrainingChild['ended']>, { type: 'done' }>;
