import { downloadModel } from '#main/models/download-model.ts';
import { chooseHub } from '#main/models/hub/endpoint.ts';
import { nameSource } from '#main/models/hub/remote-model.ts';
import { totalsOf } from '#main/models/list-models.ts';
import type { ModelEntry } from '#main/models/model-entry.ts';
import type { ModelReading } from '#main/models/model-reading.ts';
import type { ModelsHome } from '#main/models/models-home.ts';
import type { DownloadPhase, FileProgress } from '#shared/schemas/tasks.ts';
import { WorkMeter } from '../progress/work-meter.ts';
import type { TaskPlan } from './task-plan.ts';

export interface DownloadTaskOptions {
  readonly home: ModelsHome;
  /** A hub id, or the address of an original `.pth` file. */
  readonly source: string;
  readonly revision: string | undefined;
  /** Hears of the model, once it is whole and listed. */
  onWhole(entry: ModelEntry): void;
}

/**
 * A download of a model.
 *
 * @throws MedleyError `bad-request` for a source that is none
 */
export function downloadTask({ home, source, revision, onWhole }: DownloadTaskOptions): TaskPlan {
  const { origin, name } = nameSource(source);
  const hub = chooseHub(undefined);
  const meter = new WorkMeter('bytes');
  let phase: DownloadPhase = 'listing';
  let files: readonly FileProgress[] = [];
  return {
    subject: origin,
    name,
    status: () => ({
      kind: 'model-download',
      phase,
      files: [...files],
      progress: meter.progress,
    }),
    run: async ({ signal, changed }) => {
      const entry = await downloadModel(home, {
        source,
        revision,
        hub,
        signal,
        onProgress: (progress) => {
          ({ phase, files } = progress);
          const { done, total } = totalsOf(files);
          meter.update(done, total, phase === 'fetching');
          changed();
        },
      });
      onWhole(entry);
    },
  };
}

export interface ReadingTaskOptions {
  /** It is added to the list, or compared with what it was then. */
  readonly kind: 'model-add' | 'model-verify';
  readonly folder: string;
  readonly name: string;
  read(reading: ModelReading): Promise<unknown>;
}

/** A model that is read from end to end. */
export function readingTask({ kind, folder, name, read }: ReadingTaskOptions): TaskPlan {
  const meter = new WorkMeter('bytes');
  return {
    subject: folder,
    name,
    status: () => ({ kind, progress: meter.progress }),
    run: ({ signal, changed }) =>
      read({
        signal,
        onProgress: (done, total) => {
          meter.update(done, total);
          changed();
        },
      }),
  };
}
