import { Worker } from 'node:worker_threads';
// Its libraries must be loaded by the main thread before a worker loads them.
import 'sharp';
import { fromErrorShape, messageOf } from '#shared/errors.ts';
import type { ImportProblem, ImportReply, ImportRequest, ImportThreadData } from './messages.ts';

/** Beside this file, or beside the bundle that holds it. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './import-thread.ts' : './import-thread.js',
  import.meta.url,
);

interface Asked {
  readonly resolve: (reply: ImportReply) => void;
  readonly reject: (error: Error) => void;
}

/** A running import thread. */
export class ThreadHandle {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #gone: Promise<void>;
  #lastId = 0;
  /** Why it answers nothing any more. */
  #stopped: Error | null = null;

  /** @param onProblem hears why photos come without their metadata. */
  constructor(workerData: ImportThreadData, onProblem: (message: string) => void) {
    const worker = new Worker(entry, { workerData });
    let reason = 'it ended';
    worker.on('message', (message: ImportReply | ImportProblem) => {
      if (message.kind === 'problem') onProblem(message.message);
      else this.#answered(message);
    });
    worker.on('error', (error) => {
      reason = messageOf(error);
    });
    this.#worker = worker;
    this.#gone = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#stop(new Error(`A thread that imports photos has stopped: ${reason}`));
        resolve();
      });
    });
  }

  get running(): boolean {
    return this.#stopped === null;
  }

  /** Requests without an answer yet. */
  get load(): number {
    return this.#asked.size;
  }

  /**
   * Asks for one thing.
   *
   * @throws MedleyError when it cannot be had of the file asked about
   * @throws Error when it cannot be had of any
   */
  async ask(request: (id: number) => ImportRequest): Promise<ImportReply> {
    // It would wait for ever: a thread that is gone takes messages, and drops them.
    if (this.#stopped !== null) throw this.#stopped;
    const id = ++this.#lastId;
    const answered = new Promise<ImportReply>((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
    });
    this.tell(request(id));
    const reply = await answered;
    if (reply.kind === 'failed') throw fromErrorShape(reply.error);
    if (reply.kind === 'broken') throw new Error(reply.message);
    return reply;
  }

  tell(request: ImportRequest): void {
    this.#worker.postMessage(request);
  }

  /** Ends it; what it was asked for and has not done is rejected. */
  async close(): Promise<void> {
    this.tell({ kind: 'close' });
    await this.#gone;
  }

  #answered(reply: ImportReply): void {
    const asked = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    asked?.resolve(reply);
  }

  #stop(error: Error): void {
    this.#stopped = error;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}
