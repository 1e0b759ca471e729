import type { ModelReading } from '#main/models/model-reading.ts';
import { MedleyError } from '#shared/errors.ts';
import type { ReadingStatus } from '#shared/schemas/models.ts';
import { ReadingMeter } from './reading-meter.ts';
import { throttle } from '../progress/throttle.ts';

export interface ModelReadingsOptions {
  /** Hears how far a reading is, a few times a second. */
  onProgress(status: ReadingStatus): void;
  /** Hears of each reading that began or ended. */
  onChange(): void;
}

interface Running {
  readonly controller: AbortController;
  readonly status: () => ReadingStatus;
  /** Settles when the reading has ended, well or not. */
  readonly ended: Promise<unknown>;
}

const progressIntervalMs = 250;

/** The models that are being read from end to end, as when one is checked; each can be stopped. */
export class ModelReadings {
  readonly #options: ModelReadingsOptions;
  /** By folder. */
  readonly #running = new Map<string, Running>();

  constructor(options: ModelReadingsOptions) {
    this.#options = options;
  }

  get statuses(): ReadingStatus[] {
    return [...this.#running.values()].map(({ status }) => status());
  }

  /**
   * Lets `read` read a model.
   *
   * @throws MedleyError `model-busy` where it is being read; `cancelled`; what `read` throws
   */
  async run<T>(
    model: Pick<ReadingStatus, 'folder' | 'name' | 'purpose'>,
    read: (reading: ModelReading) => Promise<T>,
  ): Promise<T> {
    const { folder, name } = model;
    if (this.#running.has(folder)) {
      throw new MedleyError('model-busy', `${name} is being read.`, { subject: folder });
    }
    const meter = new ReadingMeter();
    const status = () => ({ ...model, ...meter.status });
    const tell = throttle(() => this.#options.onProgress(status()), progressIntervalMs);
    const controller = new AbortController();
    const work = read({
      signal: controller.signal,
      onProgress: (done, total) => {
        meter.update(done, total);
        tell();
      },
    });
    this.#running.set(folder, { controller, status, ended: work.catch(() => {}) });
    this.#options.onChange();
    try {
      return await work;
    } finally {
      tell.close();
      this.#running.delete(folder);
      this.#options.onChange();
    }
  }

  /** Stops the reading of a model, if there is one. */
  async stop(folder: string): Promise<void> {
    const running = this.#running.get(folder);
    running?.controller.abort(new MedleyError('cancelled', 'Stopped.'));
    await running?.ended;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((folder) => this.stop(folder)));
  }
}
