import type { EventName, EventOf, Method, ProgressOf, ResultOf } from '#shared/api.ts';
import { MedleyError, toErrorShape } from '#shared/errors.ts';
import type { Message, Transport } from '#shared/rpc/messages.ts';

type Answer<M extends Method> = (params: unknown) => ResultOf<M> | Promise<ResultOf<M>>;
interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
  cancelled: boolean;
}
export type Script = { [M in Method]?: Answer<M> };

/** The far end of a connection: answers calls by a script, and speaks when told to. */
export class ScriptedEngine {
  readonly calls: Call[] = [];
  readonly script: Script;
  #message: (message: unknown) => void = () => {};
  #close: () => void = () => {};

  constructor(script: Script = {}) {
    this.script = script;
  }

  readonly transport: Transport = {
    send: (message) => void this.#answer(message),
    listen: (onMessage, onClose) => {
      this.#message = onMessage;
      this.#close = onClose;
    },
  };

  emit<E extends EventName>(name: E, data: EventOf<E>): void {
    this.#message({ type: 'event', name, data });
  }

  /** Tells the caller of the n-th call of a method how far it is. */
  tell<M extends Method>(method: M, n: number, data: ProgressOf<M>): void {
    const id = this.calls.filter((call) => call.method === method)[n]?.id;
    this.#message({ type: 'progress', id, data });
  }

  close(): void {
    this.#close();
  }

  callsOf(method: Method): unknown[] {
    return this.calls.filter((call) => call.method === method).map(({ params }) => params);
  }

  async #answer(message: Message): Promise<void> {
    if (message.type === 'cancel') {
      for (const call of this.calls) call.cancelled ||= call.id === message.id;
    }
    if (message.type !== 'request') return;
    const { id, method, params } = message;
    this.calls.push({ id, method, params, cancelled: false });
    const answer = Object.entries(this.script).find(([name]) => name === method)?.[1];
    try {
      if (!answer) throw new MedleyError('bad-request', `${method} is not in the script.`);
      this.#message({ type: 'reply', id, result: await answer(params) });
    } catch (error) {
      this.#message({ type: 'reply', id, error: toErrorShape(error) });
    }
  }
}
