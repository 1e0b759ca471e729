import { basename } from 'node:path';
import type { WriteSettings } from '#shared/schemas/review-writes.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { WorkMeter } from '../progress/work-meter.ts';
import { writeTexts } from '../write/write-texts.ts';
import type { TaskPlan } from './task-plan.ts';

/** Writes into files what a person wrote, confirmed or took away. */
export function writeTextsTask(
  store: Store,
  settings: WriteSettings,
  onWritten: () => void,
): TaskPlan {
  const { root } = store.paths;
  const meter = new WorkMeter('steps');
  const batch = newBatch('person');
  const failed: { file: string; error: string }[] = [];
  return {
    subject: root,
    name: basename(root),
    status: () => ({
      kind: 'write-texts',
      batchId: batch.id,
      failed: [...failed],
      progress: meter.progress,
    }),
    run: async ({ signal, changed }) => {
      await writeTexts(store, {
        ...settings,
        batch,
        signal,
        onProgress: (done, total) => {
          meter.update(done, total);
          changed();
        },
        onFailed: ({ path, error }) => failed.push({ file: path, error: error.message }),
      }).finally(onWritten);
    },
  };
}
