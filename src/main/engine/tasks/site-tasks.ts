import { basename } from 'node:path';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { WorkMeter } from '../progress/work-meter.ts';
import type { SiteDesk } from '../site/site-desk.ts';
import { writePages } from '../write/write-pages.ts';
import type { TaskPlan } from './task-plan.ts';

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
  const meter = new WorkMeter('steps');
  const batch = newBatch('person');
  const failed: { file: string; error: string }[] = [];
  return {
    subject: folder,
    name: basename(folder),
    status: () => ({
      kind: 'write-pages',
      batchId: batch.id,
      failed: [...failed],
      progress: meter.progress,
    }),
    run: async ({ signal, changed }) => {
      const pending = await desk.pending(folder);
      for (const { told } of pending) {
        failed.push(...told.refused.map((error) => ({ file: told.page, error })));
      }
      const pages = pending.flatMap(({ write }) => write ?? []);
      try {
        await writePages(store, pages, {
          batch,
          signal,
          onProgress: (done, total) => {
            meter.update(done, total);
            changed();
          },
          onFailed: ({ path, error }) => failed.push({ file: path, error: error.message }),
        });
      } finally {
        await desk.reread(pages.map(({ path }) => path));
      }
    },
  };
}
