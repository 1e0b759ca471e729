import type { Handlers } from '#shared/api.ts';
import type { Jobs } from '../work/jobs.ts';
import type { Store } from '#main/store/store.ts';
import { listFailures } from '../photos/list-failures.ts';

type ActivityMethod =
  | 'activity/get'
  | 'activity/pause'
  | 'activity/resume'
  | 'activity/cancel'
  | 'activity/failures'
  | 'activity/retry';

export function activityHandlers(store: Store, jobs: Jobs): Pick<Handlers, ActivityMethod> {
  const asked = async (action: Promise<void>): Promise<null> => {
    await action;
    return null;
  };
  return {
    'activity/get': async () => jobs.activity(),
    'activity/pause': () => asked(jobs.pause()),
    'activity/resume': () => asked(jobs.resume()),
    'activity/cancel': () => asked(jobs.cancel()),
    'activity/retry': () => asked(jobs.retry()),
    'activity/failures': async () => listFailures(store, jobs.stageWords),
  };
}
