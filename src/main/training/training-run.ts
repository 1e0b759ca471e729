import { join } from 'node:path';
import { writeWhole } from '#main/files/write-whole.ts';
import {
  resumedGenerator,
  seededGenerator,
  type RandomState,
  type SeededGenerator,
} from '#main/med/decoding/random.ts';
import { safetensorsBytes, type WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import type { Tensors } from '#main/runtime/session.ts';
import { MedleyError } from '#shared/errors.ts';
import { batchesOf, pairsOf, type Pair } from './data/pairs.ts';
import type { AdamSettings } from './graphs/adam-update.ts';
import type { OpenedTraining } from './opened-training.ts';
import { initialValues } from './parameters/initial-values.ts';
import { fittingTemperature } from './parameters/start-temperature.ts';
import { adamOf, lossesOf } from './recipe.ts';
import { alphaAt, rateAt, type RateSchedule } from './schedule.ts';
import { StepClock } from './step-clock.ts';
import { runFeeds } from './step-feeds.ts';
import { StepsPerRun } from './steps-per-run.ts';
import { TrainingSession, type Losses } from './training-session.ts';
import type { ProgressListener } from './training-progress.ts';
import { readState, writeState, type EpochScore, type TrainingState } from './training-state.ts';
import { epochScore, scoreValues } from './validation/validate.ts';

export interface RunOptions {
  readonly folder: string;
  /** Whether to go on from where an earlier run was put down. */
  readonly resume: boolean;
  /** Puts the training down, to be taken up again. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: ProgressListener;
  /** Awaited before each run of steps, so that what is more urgent on the device goes first. */
  readonly beforeStep?: (() => Promise<void>) | undefined;
  /** The most steps that one run takes; left out, as many as suit the device. The result is the same. */
  readonly stepsPerRun?: number | undefined;
  /** After how many seconds the state is written again. */
  readonly checkpointSeconds: number;
}

/** Where a training keeps its state, and the best values so far. */
export const stateFile = 'training.safetensors';
export const bestFile = 'best.safetensors';

/** How many photos tell the temperature to start from. */
const temperaturePhotos = 128;

/** A training from its first step, or where it was put down, to its end. */
export class TrainingRun {
  readonly #opened: OpenedTraining;
  readonly #options: RunOptions;
  readonly #session: TrainingSession;
  readonly #adam: AdamSettings;
  readonly #stepsPerRun: StepsPerRun;
  readonly #pairs: readonly Pair[];
  readonly #batch: number;
  readonly #accumulation: number;
  readonly #perEpoch: number;
  readonly #schedule: RateSchedule;
  readonly #clock = new StepClock();
  #random: SeededGenerator;
  #epochRandom: RandomState;
  #batches: Pair[][] | null = null;
  #step = 0;
  #scores: EpochScore[] = [];
  #losses: Losses = {};
  #savedAt = performance.now();

  private constructor(
    opened: OpenedTraining,
    options: RunOptions,
    { session, pairs, batch, accumulation, adam }: Plan & { readonly session: TrainingSession },
  ) {
    const { recipe, patches, device } = opened;
    this.#opened = opened;
    this.#options = options;
    this.#session = session;
    this.#adam = adam;
    this.#pairs = pairs;
    this.#batch = batch;
    this.#accumulation = accumulation;
    this.#perEpoch = Math.floor(Math.floor(pairs.length / batch) / accumulation);
    const total = this.#perEpoch * recipe.epochs;
    const warmUp = Math.round(recipe.warmUp * total);
    this.#schedule = { peak: recipe.rate, warmUp, total };
    this.#stepsPerRun = new StepsPerRun(device.provider, {
      bytesOfStep: accumulation * batch * patches.size * Float32Array.BYTES_PER_ELEMENT,
      most: options.stepsPerRun,
    });
    this.#random = seededGenerator(recipe.seed, 2);
    this.#epochRandom = this.#random.state();
  }

  /**
   * @throws MedleyError `bad-request` where another training was put down there; `device-unavailable`
   *   when the device cannot run a graph
   */
  static async open(opened: OpenedTraining, options: RunOptions): Promise<TrainingRun> {
    const { recipe, checkpoint, device } = opened;
    const file = join(options.folder, stateFile);
    const state = options.resume ? await readState(file, opened) : null;
    const plan = planOf(opened);
    const session = await TrainingSession.open({
      source: checkpoint,
      losses: lossesOf[recipe.objective],
      adaptation: recipe,
      smoothing: recipe.smoothing,
      queue: recipe.queue,
      accumulation: plan.accumulation,
      adam: plan.adam,
      dtype: recipe.dtype,
      provider: device.provider,
    });
    try {
      const run = new TrainingRun(opened, options, { ...plan, session });
      if (state === null) await run.#begin();
      else run.#restore(state);
      return run;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** Scores of the epochs so far, the untrained model as epoch 0. */
  get scores(): readonly EpochScore[] {
    return this.#scores;
  }

  /**
   * Trains to the end, or until epochs no longer help. The best values lie in {@link bestFile} then.
   *
   * @throws MedleyError `training-diverged`; `disk-full`; the signal's reason, when the state is
   *   written
   */
  async finish(): Promise<void> {
    const { total } = this.#schedule;
    for (;;) {
      if (this.#step % this.#perEpoch === 0) await this.#endEpoch(this.#step / this.#perEpoch);
      if (this.#step >= total || this.#isStale()) return;
      const { signal, checkpointSeconds } = this.#options;
      if (signal?.aborted === true) {
        await this.#save();
        signal.throwIfAborted();
      }
      await this.#options.beforeStep?.();
      const left = this.#perEpoch - (this.#step % this.#perEpoch);
      await this.#takeSteps(Math.min(this.#stepsPerRun.next, left));
      const due = performance.now() - this.#savedAt > checkpointSeconds * 1000;
      if (due) await this.#save();
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #begin(): Promise<void> {
    const { recipe, checkpoint } = this.#opened;
    const temperature = lossesOf[recipe.objective].includes('itc')
      ? (recipe.temperature ?? (await fittingTemperature(this.#opened, temperaturePhotos)))
      : 1;
    const start = { seed: recipe.seed, temperature };
    this.#session.begin(initialValues(this.#session.parameters, checkpoint, start));
  }

  #restore({ progress, tensors }: TrainingState): void {
    this.#session.restore({ tensors, queue: progress.queue });
    this.#step = progress.step;
    this.#scores = progress.scores;
    this.#random = resumedGenerator(progress.random);
    this.#epochRandom = progress.epochRandom;
    if (this.#step % this.#perEpoch !== 0) {
      const { next } = resumedGenerator(this.#epochRandom);
      this.#batches = batchesOf(this.#pairs, this.#batch, next);
    }
  }

  /** Takes so many steps of the epoch in one run. */
  async #takeSteps(count: number): Promise<void> {
    const place = this.#step % this.#perEpoch;
    if (place === 0 || this.#batches === null) {
      this.#epochRandom = this.#random.state();
      this.#batches = batchesOf(this.#pairs, this.#batch, this.#random.next);
    }
    const batches = this.#batches.slice(
      place * this.#accumulation,
      (place + count) * this.#accumulation,
    );
    const start = performance.now();
    const results = await this.#session.run(await this.#feeds(count, batches));
    const seconds = (performance.now() - start) / 1000;
    this.#clock.took(seconds, count);
    this.#stepsPerRun.took(seconds, count);
    for (const { losses, norm, factor } of results) {
      this.#step += 1;
      const isLost = !Number.isFinite(norm) && factor <= 1;
      if (isLost || !Object.values(losses).every(Number.isFinite)) throw diverged(this.#step);
      this.#losses = losses;
      this.#tell('training');
    }
  }

  async #feeds(count: number, batches: Pair[][]): Promise<Tensors> {
    const { recipe, patches, tokenizer, checkpoint } = this.#opened;
    const { text_config: text, vision_config: vision, generation } = checkpoint.config;
    const run = {
      steps: Array.from({ length: count }, (_, i) => ({
        rate: rateAt(this.#schedule, this.#step + i),
        alpha: alphaAt(recipe.alpha, this.#step + i, this.#perEpoch),
        number: this.#step + i + 1,
      })),
      batches,
      patches: await patches.read(batches.flat().map(({ photo }) => photo)),
      width: vision.hidden_size,
    };
    return runFeeds(run, {
      losses: lossesOf[recipe.objective],
      tokens: {
        tokenizer,
        prompt: generation.prompt,
        length: Math.min(recipe.length, text.max_position_embeddings),
      },
      adam: this.#adam,
      random: this.#random.next,
    });
  }

  /** Validates an epoch, unless that was done before the training was put down. */
  async #endEpoch(epoch: number): Promise<void> {
    if (this.#scores.length > epoch) return;
    const { folder, signal } = this.#options;
    if (epoch > 0) await this.#save();
    this.#tell('validation');
    const values = epoch === 0 ? new Map<string, WrittenTensor>() : await this.#values();
    const photos = this.#opened.validation;
    const onBatch = () => signal?.throwIfAborted();
    const scored = await scoreValues(this.#opened, values, { photos, rerank: 0, onBatch });
    const score = epochScore(epoch, this.#opened, scored);
    const trained = this.#scores.slice(1);
    this.#scores = [...this.#scores, score];
    if (epoch > 0 && trained.every((other) => other.score < score.score)) {
      await writeWhole(join(folder, bestFile), safetensorsBytes(values, {}));
    }
    await this.#save();
    this.#tell('validation');
  }

  /** Whether the last epochs were no better than one before them. */
  #isStale(): boolean {
    const scores = this.#scores.slice(1).map(({ score }) => score);
    const best = scores.indexOf(Math.max(...scores));
    return scores.length - 1 - best >= this.#opened.recipe.patience;
  }

  async #values(): Promise<Map<string, WrittenTensor>> {
    const { tensors } = await this.#session.snapshot();
    const names = new Set(this.#session.parameters.map(({ name }) => name));
    return new Map([...tensors].filter(([name]) => names.has(name)));
  }

  async #save(): Promise<void> {
    const { tensors, queue } = await this.#session.snapshot();
    await writeState(join(this.#options.folder, stateFile), {
      tensors,
      progress: {
        digest: this.#opened.digest,
        recipe: this.#opened.recipe,
        step: this.#step,
        random: [...this.#random.state()],
        epochRandom: [...this.#epochRandom],
        queue: [...queue],
        scores: this.#scores,
      },
    });
    this.#savedAt = performance.now();
  }

  #tell(stage: 'training' | 'validation'): void {
    const { total } = this.#schedule;
    this.#options.onProgress({
      stage,
      done: this.#step,
      total,
      losses: this.#losses,
      scores: this.#scores,
      secondsLeft: this.#clock.secondsFor(total - this.#step),
    });
  }
}

/** What a training does at a step. */
interface Plan {
  readonly pairs: readonly Pair[];
  /** Pairs of a batch, and batches of a step. */
  readonly batch: number;
  readonly accumulation: number;
  readonly adam: AdamSettings;
}

function planOf({ recipe, train }: OpenedTraining): Plan {
  const pairs = pairsOf(train);
  const batch = Math.min(recipe.batch, pairs.length);
  const accumulation = Math.min(recipe.accumulation, Math.floor(pairs.length / batch));
  return { pairs, batch, accumulation, adam: adamOf(recipe) };
}

function diverged(step: number): MedleyError {
  return new MedleyError(
    'training-diverged',
    `At step ${step} the training came to numbers that are none. The model is as it was; train again with a lower rate.`,
    { subject: 'rate' },
  );
}
