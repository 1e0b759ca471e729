import type { TaskKind, TaskProgress } from '#shared/schemas/tasks.ts';

/** What goes along with the work of a task. */
export interface TaskRun {
  /** Aborts when the task is stopped. */
  readonly signal: AbortSignal;
  /** Says that the status is another now; may be called as often as one likes. */
  changed(): void;
}

/** Something that runs long, as whoever runs it declares it. */
export interface TaskPlan {
  /** What is worked on: two tasks never work on the same at once. */
  readonly subject: string;
  /** What people call that. */
  readonly name: string;
  /** Of which kind it is, and how far. */
  status(): TaskKind & { readonly progress: TaskProgress };
  /** Does the work, and lets go of all it held before it settles. */
  run(run: TaskRun): Promise<unknown>;
}
