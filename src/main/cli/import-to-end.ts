import type { Engine } from '#main/engine/engine.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Activity } from '#shared/schemas/activity.ts';
import { unlessAborted } from './stop-signal.ts';

/**
 * Imports a folder and waits until nothing is left to do. Work that was paused in a window goes
 * on: it is what was asked for here.
 * @returns the counts of this run.
 * @throws {MedleyError} `folder-missing`; `checkpoint-invalid`; `internal`; `cancelled`.
 */
export async function importToEnd(
  engine: Engine,
  folder: string,
  signal: AbortSignal,
): Promise<Activity> {
  const { handlers, jobs } = engine;
  if (jobs.activity().state === 'paused') await jobs.resume();
  await handlers['library/import']({ folder });
  jobs.start();
  await unlessAborted(signal, engine.idle());
  const { error } = await handlers['model/status'](null);
  if (error !== null) throw new MedleyError('checkpoint-invalid', error);
  const activity = jobs.activity();
  if (activity.state === 'idle') return activity;
  throw new MedleyError('internal', 'The work on the library has stopped before its end.');
}
