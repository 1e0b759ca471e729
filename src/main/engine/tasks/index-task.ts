import type { Activity } from '#shared/schemas/activity.ts';
import type { AdoptedStatus } from './adopted-task.ts';

/** The background work on the library as a task; null while there is and was nothing to do. */
export function indexStatus({
  state,
  stages,
  secondsLeft,
  problem,
}: Activity): AdoptedStatus | null {
  let [done, total] = [0, 0];
  for (const stage of stages) {
    done += stage.done + stage.failed;
    total += stage.total;
  }
  if (state === 'idle' && total === 0) return null;
  return {
    kind: 'index',
    state: state === 'idle' ? 'done' : state,
    progress: { done, total, unit: 'steps', rate: null, secondsLeft },
    error: problem,
  };
}
