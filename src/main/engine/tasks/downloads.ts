import { downloadModel } from '#main/models/download-model.ts';
import { chooseHub } from '#main/models/hub/endpoint.ts';
import { nameSource } from '#main/models/hub/remote-model.ts';
import type { ModelEntry } from '#main/models/model-entry.ts';
import type { ModelsHome } from '#main/models/models-home.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { DownloadStatus } from '#shared/schemas/models.ts';
import { DownloadMeter } from './download-meter.ts';
import { throttle } from '../progress/throttle.ts';

export interface DownloadsOptions {
  readonly home: ModelsHome;
  /** Hears how far a download is, a few times a second. */
  onProgress(status: DownloadStatus): void;
  /** Hears of each download that ended; `entry` is the model, null where there is none. */
  onEnd(entry: ModelEntry | null): void;
}

interface Running {
  readonly controller: AbortController;
  readonly status: () => DownloadStatus;
  /** Settles when the download has let go of its files. */
  readonly ended: Promise<void>;
}

const progressIntervalMs = 250;

/** The downloads of this process. Each goes on until it ends or is stopped, whoever watches. */
export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #running = new Map<string, Running>();
  /** Those that failed, until they are tried again or dismissed. */
  readonly #failed = new Map<string, DownloadStatus>();

  constructor(options: DownloadsOptions) {
    this.#options = options;
  }

  /** Those that run, and those that failed. */
  get statuses(): DownloadStatus[] {
    return [...[...this.#running.values()].map(({ status }) => status()), ...this.#failed.values()];
  }

  /**
   * Begins a download, or goes on with one.
   *
   * @throws MedleyError `bad-request` for a source that is none, `model-busy`
   */
  start(source: string, revision?: string): void {
    const { origin, name } = nameSource(source);
    const hub = chooseHub(undefined);
    if (this.#running.has(origin)) {
      throw new MedleyError('model-busy', `${name} is being downloaded.`, { subject: origin });
    }
    this.#failed.delete(origin);
    const meter = new DownloadMeter();
    const status = (): DownloadStatus => ({ origin, name, ...meter.status, error: null });
    const tell = throttle(() => this.#options.onProgress(status()), progressIntervalMs);
    const controller = new AbortController();
    const ended = downloadModel(this.#options.home, {
      source,
      revision,
      hub,
      signal: controller.signal,
      onProgress: (progress) => {
        meter.update(progress);
        tell();
      },
    })
      .catch((error: unknown) => {
        if (!controller.signal.aborted) {
          this.#failed.set(origin, { ...status(), state: 'stopped', error: messageOf(error) });
        }
        return null;
      })
      .then((entry) => {
        tell.close();
        this.#running.delete(origin);
        this.#options.onEnd(entry);
      });
    this.#running.set(origin, { controller, status, ended });
  }

  /** Stops a download; what was fetched is kept. */
  async cancel(origin: string): Promise<void> {
    const running = this.#running.get(origin);
    running?.controller.abort(new MedleyError('cancelled', 'Stopped.'));
    await running?.ended;
  }

  /** Forgets that a download failed. */
  dismiss(origin: string): void {
    this.#failed.delete(origin);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((origin) => this.cancel(origin)));
  }
}
