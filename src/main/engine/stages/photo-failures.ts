import { MedleyError, toErrorShape } from '#shared/errors.ts';
import type { StageName } from '#shared/schemas/activity.ts';
import type { Store } from '#main/store/store.ts';
import type { Progress } from '../progress/progress.ts';
import type { Outcome } from './run-batch.ts';

export interface PhotoFailuresOptions {
  readonly store: Store;
  readonly progress: Progress;
  /** This photo is recorded as failed. */
  readonly onFailed: (photoId: string) => void;
}

/** Records photos that the model could not be used on as failures of their files. */
export class PhotoFailures {
  readonly #options: PhotoFailuresOptions;

  constructor(options: PhotoFailuresOptions) {
    this.#options = options;
  }

  /**
   * The values of the outcomes; each failure is recorded on the files of its photo.
   * @throws {MedleyError} `device-unavailable` when the failures speak against the model.
   */
  async settle<T>(
    photoIds: readonly string[],
    outcomes: readonly Outcome<T>[],
    stage: StageName,
  ): Promise<T[]> {
    const values: T[] = [];
    const failures = new Map<string, unknown>();
    outcomes.forEach((outcome, i) => {
      if ('value' in outcome) values.push(outcome.value);
      else failures.set(photoIds[i], outcome.error);
    });
    if (outcomes.length > 1 && failures.size === outcomes.length) suspectModel(failures);
    for (const [photoId, error] of failures) await this.#record(photoId, stage, error);
    return values;
  }

  async #record(photoId: string, stage: StageName, error: unknown): Promise<void> {
    const { store, progress, onFailed } = this.#options;
    const { code, message } = toErrorShape(error);
    const rows = store.files
      .pathsOf(photoId)
      .flatMap((path) => store.files.get(path) ?? [])
      .map((row) => ({ ...row, failure: { stage, code, message } }));
    await store.files.put(rows);
    progress.failed(stage, 1);
    onFailed(photoId);
  }
}

/** Photos that all fail, and not for what is in them, speak against the model. */
function suspectModel(failures: ReadonlyMap<string, unknown>): void {
  const [first, ...others] = [...failures.values()].map(toErrorShape);
  if (others.some(({ message }) => message !== first.message)) return;
  if (first.code !== 'internal' && first.code !== 'device-unavailable') return;
  throw new MedleyError('device-unavailable', `The model stopped working: ${first.message}`);
}
