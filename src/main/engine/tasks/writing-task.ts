import { basename } from 'node:path';
import { newBatch, type Batch } from '#main/store/tables/journal.ts';
import { WorkMeter } from '../progress/work-meter.ts';
import type { TaskPlan } from './task-plan.ts';

/** What the writing of a task goes by, and what it tells. */
export interface Writing {
  readonly batch: Batch;
  readonly signal: AbortSignal;
  /** Hears how many files are done, written or failed, of how many. */
  onProgress(done: number, total: number): void;
  onFailed(failed: { readonly path: string; readonly error: Error }): void;
}

/** Writes files of a folder as one batch of a person's, and lists those that could not be written. */
export function writingTask(
  kind: 'write-pages' | 'write-texts',
  folder: string,
  write: (writing: Writing) => Promise<void>,
): TaskPlan {
  const meter = new WorkMeter('steps');
  const batch = newBatch('person');
  const failed: { file: string; error: string }[] = [];
  return {
    subject: folder,
    name: basename(folder),
    status: () => ({ kind, batchId: batch.id, failed: [...failed], progress: meter.progress }),
    run: ({ signal, changed }) =>
      write({
        batch,
        signal,
        onProgress: (done, total) => {
          meter.update(done, total);
          changed();
        },
        onFailed: ({ path, error }) => failed.push({ file: path, error: error.message }),
      }),
  };
}
