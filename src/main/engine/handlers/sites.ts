import type { Handlers } from '#shared/api.ts';
import type { Store } from '#main/store/store.ts';
import type { SiteDesk } from '../site/site-desk.ts';
import { checkSiteTask, writePagesTask } from '../tasks/site-tasks.ts';
import type { TaskService } from '../tasks/task-service.ts';
import { requireFolder } from './list-folder.ts';

type SitesMethod =
  | 'sites/list'
  | 'sites/check'
  | 'sites/review'
  | 'sites/answer'
  | 'sites/suggest'
  | 'sites/pending'
  | 'sites/write';

export function sitesHandlers(
  store: Store,
  desk: SiteDesk,
  tasks: TaskService,
): Pick<Handlers, SitesMethod> {
  /** One site is looked at at a time. */
  async function stopOthers(folder: string): Promise<void> {
    const others = tasks.tasks.filter(
      ({ kind, state, subject }) =>
        kind === 'check-site' && state === 'running' && subject !== folder,
    );
    await Promise.all(others.map(({ id }) => tasks.cancel(id)));
  }

  return {
    'sites/list': () => store.siteAnswers.sites(),
    'sites/check': async ({ folder: named }) => {
      const folder = await requireFolder(named);
      await stopOthers(folder);
      return { folder, task: tasks.start(checkSiteTask(desk, folder)) };
    },
    'sites/review': ({ folder, strict }) => desk.review(folder, strict),
    'sites/answer': ({ folder, answers }) => desk.answer(folder, answers),
    'sites/suggest': ({ folder, picture }) => desk.suggest(folder, picture),
    'sites/pending': async ({ folder }) => (await desk.pending(folder)).map(({ told }) => told),
    'sites/write': async ({ folder }) => tasks.start(writePagesTask(store, desk, folder)),
  };
}
