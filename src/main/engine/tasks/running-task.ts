import { randomUUID } from 'node:crypto';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { throttle } from '../progress/throttle.ts';
import type { TaskPlan } from './task-plan.ts';

const progressIntervalMs = 250;

const nothing = { cancel: false, pause: false, resume: false, dismiss: false };

/** A task of this process, from its first moment to its end. */
export class RunningTask {
  readonly id = randomUUID();
  /** How the task ended, once it has let go of everything. */
  readonly ended: Promise<Task>;
  readonly #startedAt = new Date().toISOString();
  readonly #plan: TaskPlan;
  readonly #controller = new AbortController();

  /** @param onProgress hears how far it is, a few times a second */
  constructor(plan: TaskPlan, onProgress: (task: Task) => void) {
    this.#plan = plan;
    const changed = throttle(() => onProgress(this.task), progressIntervalMs);
    const { signal } = this.#controller;
    this.ended = plan
      .run({ signal, changed })
      .then(
        () => this.#end('done', null),
        (error: unknown) =>
          signal.aborted ? this.#end('cancelled', null) : this.#end('failed', messageOf(error)),
      )
      .finally(() => changed.close());
  }

  get subject(): string {
    return this.#plan.subject;
  }

  /** The task as it is now, under way. */
  get task(): Task {
    const { subject, name } = this.#plan;
    return {
      ...this.#plan.status(),
      id: this.id,
      subject,
      name,
      state: 'running',
      startedAt: this.#startedAt,
      endedAt: null,
      error: null,
      can: { ...nothing, cancel: true },
    };
  }

  /** Stops it, and resolves once it has ended. */
  async cancel(): Promise<void> {
    this.#controller.abort(new MedleyError('cancelled', 'Stopped.'));
    await this.ended;
  }

  #end(state: 'done' | 'failed' | 'cancelled', error: string | null): Task {
    const endedAt = new Date().toISOString();
    return { ...this.task, state, endedAt, error, can: { ...nothing, dismiss: true } };
  }
}
