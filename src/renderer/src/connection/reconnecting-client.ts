import type { EventName, EventOf, Method, ParamsOf, ResultOf } from '#shared/api.ts';
import { createClient, type ApiClient } from '#shared/rpc/client.ts';
import type { Transport } from '#shared/rpc/messages.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** `retryAt` is in milliseconds since 1970. */
  | { readonly kind: 'lost'; readonly attempts: number; readonly retryAt: number };

export interface ReconnectingClient extends ApiClient {
  /** Hears every change of state, the present one at once. */
  watch(listener: (state: ConnectionState) => void): void;
  /** Tries again now instead of waiting. */
  retry(): void;
}

/** Waits between attempts, in milliseconds; the last one repeats. */
const backOff = [500, 1000, 2000, 5000, 10_000];

/**
 * An API client that survives its connection: it connects again with growing pauses, keeps event
 * listeners across connections, and holds calls made meanwhile until it is connected. Calls in
 * flight when a connection closes are rejected with `engine-stopped`.
 * @param open opens one connection, or rejects
 */
export function createReconnectingClient(open: () => Promise<Transport>): ReconnectingClient {
  const listeners = new Set<(client: ApiClient) => void>();
  const watchers = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { kind: 'connecting' };
  let current: ApiClient | null = null;
  let waiting = Promise.withResolvers<ApiClient>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;

  function become(next: ConnectionState): void {
    state = next;
    for (const watcher of watchers) watcher(next);
  }

  function connect(): void {
    clearTimeout(timer);
    timer = undefined;
    open().then(opened, lost);
  }

  function opened(transport: Transport): void {
    attempts = 0;
    const client = createClient({
      send: (message) => transport.send(message),
      listen: (onMessage, onClose) =>
        transport.listen(onMessage, () => {
          current = null;
          waiting = Promise.withResolvers();
          onClose();
          lost();
        }),
    });
    current = client;
    for (const attach of listeners) attach(client);
    waiting.resolve(client);
    become({ kind: 'open' });
  }

  function lost(): void {
    const wait = backOff[Math.min(attempts, backOff.length - 1)];
    attempts++;
    timer = setTimeout(connect, wait);
    become({ kind: 'lost', attempts, retryAt: Date.now() + wait });
  }

  connect();
  return {
    invoke: async <M extends Method>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> =>
      (current ?? (await waiting.promise)).invoke(method, params),
    on: <E extends EventName>(name: E, listener: (data: EventOf<E>) => void) => {
      let stop = () => {};
      const attach = (to: ApiClient) => {
        stop = to.on(name, listener);
      };
      listeners.add(attach);
      if (current) attach(current);
      return () => {
        listeners.delete(attach);
        stop();
      };
    },
    watch: (listener) => {
      watchers.add(listener);
      listener(state);
    },
    retry: () => {
      if (timer !== undefined) connect();
    },
  };
}
