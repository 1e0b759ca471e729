import type { Handlers } from '#shared/api.ts';
import type { Store } from '#main/store/store.ts';
import type { TaskService } from '../tasks/task-service.ts';
import { writeTextsTask } from '../tasks/write-texts-task.ts';
import { pendingTexts } from '../write/pending-texts.ts';

/** @param onWritten hears when files were written */
export function reviewWritesHandlers(
  store: Store,
  tasks: TaskService,
  onWritten: () => void,
): Pick<Handlers, 'review/pending' | 'review/write'> {
  return {
    'review/pending': async ({ target }) => {
      const pending = await pendingTexts(store, target);
      return pending.map(({ row: _, ...text }) => text);
    },
    'review/write': async (settings) => tasks.start(writeTextsTask(store, settings, onWritten)),
  };
}
