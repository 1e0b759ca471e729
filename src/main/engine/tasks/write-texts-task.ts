import type { WriteSettings } from '#shared/schemas/review-writes.ts';
import type { Store } from '#main/store/store.ts';
import { writeTexts } from '../write/write-texts.ts';
import type { TaskPlan } from './task-plan.ts';
import { writingTask } from './writing-task.ts';

/** Writes into files what a person wrote, confirmed or took away. */
export function writeTextsTask(
  store: Store,
  settings: WriteSettings,
  onWritten: () => void,
): TaskPlan {
  return writingTask('write-texts', store.paths.root, (writing) =>
    writeTexts(store, { ...settings, ...writing }).finally(onWritten),
  );
}
