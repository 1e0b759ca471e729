import { MedleyError } from '#shared/errors.ts';
import type { Task, TaskId } from '#shared/schemas/tasks.ts';
import { AdoptedTask, type AdoptedStatus, type AdoptedWork } from './adopted-task.ts';
import { RunningTask } from './running-task.ts';
import type { TaskPlan } from './task-plan.ts';

export interface TaskServiceOptions {
  /** Hears all tasks whenever one began, ended or changed its state. */
  onChange(tasks: Task[]): void;
  /** Hears how far a task is, a few times a second. */
  onProgress(task: Task): void;
}

/** Ends that are kept for people who look later. */
const mostEnded = 20;

/** Whatever runs long in this process. Each task goes on until it ends or is stopped. */
export class TaskService {
  readonly #options: TaskServiceOptions;
  readonly #adopted: AdoptedTask[] = [];
  readonly #running = new Map<TaskId, RunningTask>();
  /** The latest first. */
  #ended: Task[] = [];
  #closed = false;

  constructor(options: TaskServiceOptions) {
    this.#options = options;
  }

  /** Those under way, then those that ended, the latest first. */
  get tasks(): Task[] {
    return [
      ...this.#adopted.flatMap(({ task }) => task ?? []),
      ...[...this.#running.values()].map(({ task }) => task),
      ...this.#ended,
    ];
  }

  /**
   * Begins a task. How an earlier one on the same subject ended is forgotten.
   *
   * @throws MedleyError `model-busy` while another works on the same subject; `engine-stopped`
   */
  start(plan: TaskPlan): TaskId {
    const { subject, name } = plan;
    if (this.#closed) throw new MedleyError('engine-stopped', 'Medley is closing.');
    if (this.#on(subject).length > 0) {
      throw new MedleyError('model-busy', `${name} is being worked on already.`, { subject });
    }
    this.#ended = this.#ended.filter((task) => task.subject !== subject);
    const task = new RunningTask(plan, (now) => this.#options.onProgress(now));
    this.#running.set(task.id, task);
    void task.ended.then((end) => {
      this.#running.delete(task.id);
      this.#ended = [end, ...this.#ended].slice(0, mostEnded);
      this.#changed();
    });
    this.#changed();
    return task.id;
  }

  /**
   * Shows work that is run by somebody else as a task.
   *
   * @returns what to call with its status whenever that changes: null takes it off the list
   */
  adopt(work: AdoptedWork): (status: AdoptedStatus | null) => void {
    const adopted = new AdoptedTask(work);
    this.#adopted.push(adopted);
    return (status) => {
      const changed = adopted.update(status);
      if (changed) this.#changed();
      else if (adopted.task) this.#options.onProgress(adopted.task);
    };
  }

  /** Stops a task that is under way, and resolves once it has let go of everything. */
  async cancel(id: TaskId): Promise<void> {
    await this.#running.get(id)?.cancel();
    const adopted = this.#adoptedThatCan('cancel', id);
    await adopted?.work.cancel();
  }

  async pause(id: TaskId): Promise<void> {
    await this.#adoptedThatCan('pause', id)?.work.pause();
  }

  async resume(id: TaskId): Promise<void> {
    await this.#adoptedThatCan('resume', id)?.work.resume();
  }

  /** Forgets how a task ended. */
  async dismiss(id: TaskId): Promise<void> {
    await this.#adoptedThatCan('dismiss', id)?.work.dismiss?.();
    this.#forget((task) => task.id === id);
  }

  /** Stops what works on a subject, and forgets how others on it ended. */
  async clear(subject: string): Promise<void> {
    await Promise.all(this.#on(subject).map((task) => task.cancel()));
    this.#forget((task) => task.subject === subject);
  }

  /** Stops what was started here, and resolves once all of it has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running.values()].map((task) => task.cancel()));
  }

  #on(subject: string): RunningTask[] {
    return [...this.#running.values()].filter((task) => task.subject === subject);
  }

  #adoptedThatCan(
    action: 'cancel' | 'pause' | 'resume' | 'dismiss',
    id: TaskId,
  ): AdoptedTask | undefined {
    return this.#adopted.find((adopted) => adopted.id === id && adopted.task?.can[action]);
  }

  #forget(which: (task: Task) => boolean): void {
    const kept = this.#ended.filter((task) => !which(task));
    if (kept.length === this.#ended.length) return;
    this.#ended = kept;
    this.#changed();
  }

  #changed(): void {
    this.#options.onChange(this.tasks);
  }
}
