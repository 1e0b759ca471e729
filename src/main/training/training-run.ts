import { join } from 'node:path';
import { writeWhole } from '#main/files/write-whole.ts';
import {
  resumedGenerator,
  seededGenerator,
  type RandomState,
  type SeededGenerator,
} from '#main/med/decoding/random.ts';
import { safetensorsBytes, type WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import { MedleyError } from '#shared/errors.ts';
import { captionStep, matchingStep, type BatchStepOptions, type Losses } from './batch-steps.ts';
import { batchesOf, pairsOf, type Pair } from './data/pairs.ts';
import { EmbeddingQueue } from './embedding-queue.ts';
import { adamDefaults } from './graphs/adam-update.ts';
import type { Loss } from './graphs/objective-graphs.ts';
import type { OpenedTraining } from './opened-training.ts';
import { initialValues } from './parameters/initial-values.ts';
import { fittingTemperature } from './parameters/start-temperature.ts';
import { lossesOf } from './recipe.ts';
import { alphaAt, rateAt, type RateSchedule } from './schedule.ts';
import { StepClock } from './step-clock.ts';
import { TrainingGraphs } from './training-graphs.ts';
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
  /** Awaited before each step, so that what is more urgent on the device goes first. */
  readonly beforeStep?: (() => Promise<void>) | undefined;
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
  readonly #graphs: TrainingGraphs;
  readonly #queue: EmbeddingQueue;
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

  private constructor(opened: OpenedTraining, options: RunOptions, graphs: TrainingGraphs) {
    const { recipe, train, checkpoint } = opened;
    this.#opened = opened;
    this.#options = options;
    this.#graphs = graphs;
    this.#queue = new EmbeddingQueue(recipe.queue, checkpoint.config.projection_size);
    this.#pairs = pairsOf(train);
    this.#batch = Math.min(recipe.batch, this.#pairs.length);
    const batches = Math.floor(this.#pairs.length / this.#batch);
    this.#accumulation = Math.min(recipe.accumulation, batches);
    this.#perEpoch = Math.floor(batches / this.#accumulation);
    const total = this.#perEpoch * recipe.epochs;
    const warmUp = Math.round(recipe.warmUp * total);
    this.#schedule = { peak: recipe.rate, warmUp, total };
    this.#random = seededGenerator(recipe.seed, 2);
    this.#epochRandom = this.#random.state();
  }

  /**
   * @throws MedleyError `bad-request` where another training was put down there; `device-unavailable`
   *   when the device cannot run a graph
   */
  static async open(opened: OpenedTraining, options: RunOptions): Promise<TrainingRun> {
    const { recipe, checkpoint, device, digest } = opened;
    const file = join(options.folder, stateFile);
    const state = options.resume ? await readState(file, digest) : null;
    const { weightDecay, maxNorm, momentum } = recipe;
    const graphs = await TrainingGraphs.open({
      source: checkpoint,
      losses: lossesOf[recipe.objective],
      adaptation: recipe,
      smoothing: recipe.smoothing,
      adam: { ...adamDefaults, weightDecay, maxNorm, momentum },
      provider: device.provider,
    });
    try {
      const run = new TrainingRun(opened, options, graphs);
      if (state === null) await run.#begin();
      else run.#restore(state);
      return run;
    } catch (error) {
      await graphs.release();
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
      await this.#clock.time(() => this.#takeStep());
      this.#step += 1;
      this.#tell('training');
      const due = performance.now() - this.#savedAt > checkpointSeconds * 1000;
      if (due) await this.#save();
    }
  }

  async release(): Promise<void> {
    await this.#graphs.release();
  }

  async #begin(): Promise<void> {
    const { recipe, checkpoint } = this.#opened;
    const temperature = lossesOf[recipe.objective].includes('itc')
      ? (recipe.temperature ?? (await fittingTemperature(this.#opened, temperaturePhotos)))
      : 1;
    const start = { seed: recipe.seed, temperature };
    this.#graphs.begin(initialValues(this.#graphs.parameters, checkpoint, start));
  }

  #restore({ progress, tensors }: TrainingState): void {
    const data = new Map([...tensors].map(([name, tensor]) => [name, tensor.data]));
    this.#graphs.restore(data);
    const [images, texts] = [data.get('queue/images'), data.get('queue/texts')];
    if (images !== undefined && texts !== undefined) {
      this.#queue.restore(images, texts, progress.queue);
    }
    this.#step = progress.step;
    this.#scores = progress.scores;
    this.#random = resumedGenerator(progress.random);
    this.#epochRandom = progress.epochRandom;
    if (this.#step % this.#perEpoch !== 0) {
      const { next } = resumedGenerator(this.#epochRandom);
      this.#batches = batchesOf(this.#pairs, this.#batch, next);
    }
  }

  async #takeStep(): Promise<void> {
    const place = this.#step % this.#perEpoch;
    if (place === 0 || this.#batches === null) {
      this.#epochRandom = this.#random.state();
      this.#batches = batchesOf(this.#pairs, this.#batch, this.#random.next);
    }
    const start = place * this.#accumulation;
    const batches = this.#batches.slice(start, start + this.#accumulation);
    const all: Losses[] = [];
    for (const batch of batches) all.push(await this.#batchStep(batch));
    this.#losses = meanLosses(all);
    const norm = await this.#graphs.step({
      rate: rateAt(this.#schedule, this.#step),
      step: this.#step + 1,
      batches: batches.length,
    });
    if (!Number.isFinite(norm)) throw diverged(this.#step + 1);
  }

  async #batchStep(batch: readonly Pair[]): Promise<Losses> {
    const { recipe, patches, tokenizer, checkpoint } = this.#opened;
    const { text_config: text, vision_config: vision, generation } = checkpoint.config;
    const numbers = await patches.read(batch.map(({ photo }) => photo));
    const features = { data: numbers, photos: batch.length, width: vision.hidden_size };
    const options: BatchStepOptions = {
      graphs: this.#graphs,
      tokens: {
        tokenizer,
        prompt: generation.prompt,
        length: Math.min(recipe.length, text.max_position_embeddings),
      },
      queue: this.#queue,
      random: this.#random.next,
      imageBlocks: recipe.imageBlocks,
      alpha: alphaAt(recipe.alpha, this.#step, this.#perEpoch),
    };
    const losses = lossesOf[recipe.objective];
    const found = {
      ...(losses.includes('itc') && (await matchingStep(batch, features, options))),
      ...(losses.includes('lm') && (await captionStep(batch, features, options))),
    };
    if (Object.values(found).every((loss) => Number.isFinite(loss))) return found;
    throw diverged(this.#step + 1);
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
    const state = await this.#graphs.snapshot();
    return new Map(
      this.#graphs.parameters.map(({ name, shape }) => {
        return [name, { shape, data: state.get(name) ?? new Float32Array() }];
      }),
    );
  }

  async #save(): Promise<void> {
    const snapshot = await this.#graphs.snapshot();
    const shapes = this.#graphs.stateShapes;
    const tensors = new Map<string, WrittenTensor>();
    for (const [name, data] of snapshot) tensors.set(name, { shape: shapes.get(name) ?? [], data });
    const { images, texts, photos } = this.#queue;
    const width = this.#opened.checkpoint.config.projection_size;
    tensors.set('queue/images', { shape: [photos.length, width], data: images });
    tensors.set('queue/texts', { shape: [photos.length, width], data: texts });
    await writeState(join(this.#options.folder, stateFile), {
      tensors,
      progress: {
        digest: this.#opened.digest,
        step: this.#step,
        random: [...this.#random.state()],
        epochRandom: [...this.#epochRandom],
        queue: [...photos],
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

function meanLosses(all: readonly Losses[]): Losses {
  const names: readonly Loss[] = ['itc', 'itm', 'lm'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = all.map((each) => each[name]).filter((value) => value !== undefined);
      return values.length === 0
        ? []
        : [[name, values.reduce((sum, value) => sum + value, 0) / values.length]];
    }),
  );
}

function diverged(step: number): MedleyError {
  return new MedleyError(
    'training-diverged',
    `At step ${step} the training came to numbers that are none. The model is as it was; train again with a lower rate.`,
    { subject: 'rate' },
  );
}
