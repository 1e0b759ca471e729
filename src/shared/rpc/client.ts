import {
  events,
  type EventName,
  type EventOf,
  type Method,
  type ParamsOf,
  type ResultOf,
} from '../api.ts';
import { fromErrorShape, MedleyError } from '../errors.ts';
import { Message, type Transport } from './messages.ts';

export interface ApiClient {
  /** Calls the engine. Rejects with a {@link MedleyError}. */
  invoke<M extends Method>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>>;
  /** Listens to an event; the answer stops listening. */
  on<E extends EventName>(name: E, listener: (data: EventOf<E>) => void): () => void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: MedleyError): void;
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
        pending.delete(message.id);
        if (message.error) call?.reject(fromErrorShape(message.error));
        else call?.resolve(message.result);
      } else if (message.type === 'event' && Object.hasOwn(events, message.name)) {
        const data: unknown = message.data;
        for (const listener of listeners.get(message.name) ?? []) listener(data as never);
      }
    },
    () => {
      for (const call of pending.values()) {
        call.reject(new MedleyError('engine-stopped', 'The engine stopped before it answered.'));
      }
      pending.clear();
    },
  );

  return {
    invoke: (method, params) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        // The engine validates its answers against the same schema, so the type is sound here.
        pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
        transport.send({ type: 'request', id, method, params });
      }),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
  };
}
