import { basename } from 'node:path';
import type { Store } from '#main/store/store.ts';
import { WorkMeter } from '../progress/work-meter.ts';
import type { SiteDesk } from '../site/site-desk.ts';
import { writePages } from '../write/write-pages.ts';
import type { TaskPlan } from './task-plan.ts';
import { writingTask } from './writing-task.ts';

/** Reads the pages of a website and judges the texts in them. */
export function checkSiteTask(desk: SiteDesk, folder: string): TaskPlan {
  const meter = new WorkMeter('steps');
  return {
    subject: folder,
    name: basename(folder),
    status: () => ({ kind: 'check-site', progress: meter.progress }),
    run: ({ signal, changed }) =>
      desk.check(folder, {
        signal,
        onProgress: (done, total) => {
          meter.update(done, total);
          changed();
        },
      }),
  };
}

/** Writes into the pages of a website what a person answered. */
export function writePagesTask(store: Store, desk: SiteDesk, folder: string): TaskPlan {
  return writingTask('write-pages', folder, async (writing) => {
    const pending = await desk.pending(folder);
    for (const { told } of pending) {
      for (const reason of told.refused) {
        writing.onFailed({ path: told.page, error: new Error(reason) });
      }
    }
    const pages = pending.flatMap(({ write }) => write ?? []);
    try {
      await writePages(store, pages, writing);
    } finally {
      await desk.reread(pages.map(({ path }) => path));
    }
  });
}
