import { randomUUID } from 'node:crypto';
import type { Task, TaskKind, TaskProgress, TaskState } from '#shared/schemas/tasks.ts';

/** Work that begins, pauses and ends by rules of its own, and is shown as a task. */
export interface AdoptedWork {
  readonly subject: string;
  /** What people call that. */
  readonly name: string;
  cancel(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Forgets how it ended; left out where it is never over for good, and can be resumed when cancelled. */
  dismiss?(): Promise<void>;
}

export type AdoptedStatus = TaskKind &
  Pick<Task, 'state' | 'error'> & { readonly progress: TaskProgress };

/** The task that stands for work of others, as they last told of it. */
export class AdoptedTask {
  readonly id = randomUUID();
  readonly work: AdoptedWork;
  #task: Task | null = null;

  constructor(work: AdoptedWork) {
    this.work = work;
  }

  /** Null while there is nothing to tell. */
  get task(): Task | null {
    return this.#task;
  }

  /** Takes note of the status now; says whether this is another state than before. */
  update(status: AdoptedStatus | null): boolean {
    const before = this.#task;
    this.#task = status && this.#taskOf(status, before);
    return before?.state !== this.#task?.state;
  }

  #taskOf(status: AdoptedStatus, before: Task | null): Task {
    const { subject, name, dismiss } = this.work;
    const { state } = status;
    const now = new Date().toISOString();
    const live = isLive(state);
    // Work that is taken up after its end is another run.
    const goesOn = before !== null && (isLive(before.state) || !live);
    return {
      ...status,
      id: this.id,
      subject,
      name,
      startedAt: goesOn ? before.startedAt : now,
      endedAt: live ? null : before?.state === state ? before.endedAt : now,
      can: {
        cancel: live,
        pause: state === 'running',
        resume: state === 'paused' || (state === 'cancelled' && dismiss === undefined),
        dismiss: !live && dismiss !== undefined,
      },
    };
  }
}

function isLive(state: TaskState): boolean {
  return state === 'running' || state === 'paused';
}
