import { MedleyError, toErrorShape } from '#shared/errors.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { Store } from '#main/store/store.ts';
import type { Progress } from '../progress/progress.ts';
import type { Outcome } from './run-batch.ts';

export interface PhotoFailuresOptions {
  readonly store: Store;
  readonly model: MedModel;
  readonly progress: Progress;
  /** This stage failed on this picture, on record now. */
  readonly onFailed: (stage: string, pictureId: string) => void;
}

/** Records pictures that a stage failed on with the model in use. */
export class PhotoFailures {
  readonly #options: PhotoFailuresOptions;

  constructor(options: PhotoFailuresOptions) {
    this.#options = options;
  }

  /** Whether this stage failed on this picture with this model. */
  has(stage: string, pictureId: string): boolean {
    const { store, model } = this.#options;
    return store.tables.failures.has({ subject: pictureId, stage, modelId: model.info.id });
  }

  /**
   * The values of the outcomes; each failure is recorded on its picture.
   * @throws {MedleyError} `device-unavailable` when the failures speak against the model.
   */
  async settle<T>(
    pictureIds: readonly string[],
    outcomes: readonly Outcome<T>[],
    stage: string,
  ): Promise<T[]> {
    const values: T[] = [];
    const failures = new Map<string, unknown>();
    outcomes.forEach((outcome, i) => {
      if ('value' in outcome) values.push(outcome.value);
      else failures.set(pictureIds[i], outcome.error);
    });
    if (outcomes.length > 1 && failures.size === outcomes.length) suspectModel(failures);
    await this.#record(failures, stage);
    return values;
  }

  async #record(failures: ReadonlyMap<string, unknown>, stage: string): Promise<void> {
    const { store, model, progress, onFailed } = this.#options;
    await store.tables.failures.record(
      Array.from(failures, ([subject, error]) => {
        const { code, message } = toErrorShape(error);
        return { subject, stage, modelId: model.info.id, code, message };
      }),
    );
    progress.failed(stage, failures.size);
    for (const pictureId of failures.keys()) onFailed(stage, pictureId);
  }
}

/** Photos that all fail, and not for what is in them, speak against the model. */
function suspectModel(failures: ReadonlyMap<string, unknown>): void {
  const [first, ...others] = [...failures.values()].map(toErrorShape);
  if (others.some(({ message }) => message !== first.message)) return;
  if (first.code !== 'internal' && first.code !== 'device-unavailable') return;
  throw new MedleyError('device-unavailable', `The model stopped working: ${first.message}`);
}
