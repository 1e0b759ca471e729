import {
  events,
  type EventName,
  type EventOf,
  type Method,
  type ParamsOf,
  type ProgressOf,
  type ResultOf,
} from '../api.ts';
import { fromErrorShape, MedleyError } from '../errors.ts';
import { Message, type Transport } from './messages.ts';

export interface CallOptions<M extends Method> {
  /** Ends the call: it rejects with `cancelled` at once, and the engine is told. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ProgressOf<M>) => void) | undefined;
}

export interface ApiClient {
  /** Calls the engine. Rejects with a {@link MedleyError}. */
  invoke<M extends Method>(
    method: M,
    params: ParamsOf<M>,
    options?: CallOptions<M>,
  ): Promise<ResultOf<M>>;
  /** Listens to an event; the answer stops listening. */
  on<E extends EventName>(name: E, listener: (data: EventOf<E>) => void): () => void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: MedleyError): void;
  progress(data: unknown): void;
}

/** The client end of the API over a transport. Calls in flight when it closes are rejected. */
export function createClient(transport: Transport): ApiClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(data: never) => void>>();
  let nextId = 1;

  transport.listen(
    (raw) => {
      const parsed = Message.safeParse(raw);
      if (!parsed.success) return;
      const message = parsed.data;
      if (message.type === 'reply') {
        const call = pending.get(message.id);
        if (message.error) call?.reject(fromErrorShape(message.error));
        else call?.resolve(message.result);
      } else if (message.type === 'progress') {
        pending.get(message.id)?.progress(message.data);
      } else if (message.type === 'event' && Object.hasOwn(events, message.name)) {
        const data: unknown = message.data;
        for (const listener of listeners.get(message.name) ?? []) listener(data as never);
      }
    },
    () => {
      const stopped = new MedleyError('engine-stopped', 'The engine stopped before it answered.');
      for (const call of pending.values()) call.reject(stopped);
    },
  );

  function call(
    method: Method,
    params: unknown,
    signal: AbortSignal | undefined,
    progress: (data: unknown) => void,
  ): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = nextId++;
    const answer = new Promise<unknown>((resolve, reject) => {
      pending.set(id, { resolve, reject, progress });
    });
    const cancel = () => {
      pending.get(id)?.reject(cancelled());
      transport.send({ type: 'cancel', id });
    };
    signal?.addEventListener('abort', cancel);
    transport.send({ type: 'request', id, method, params });
    return answer.finally(() => {
      pending.delete(id);
      signal?.removeEventListener('abort', cancel);
    });
  }

  return {
    // Tests hold the engine to the schema of its answers, so that their types are sound here.
    invoke: <M extends Method>(method: M, params: ParamsOf<M>, options: CallOptions<M> = {}) =>
      call(method, params, options.signal, (data) =>
        options.onProgress?.(data as ProgressOf<M>),
      ) as Promise<ResultOf<M>>,
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
  };
}

function cancelled(): MedleyError {
  return new MedleyError('cancelled', 'The call was cancelled.');
}
