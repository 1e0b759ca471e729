import type { EventName, EventOf, Method, ParamsOf, ResultOf } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import { createClient, type ApiClient, type CallOptions } from '#shared/rpc/client.ts';
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
/** Calls made without a connection wait this long for one, in milliseconds. */
const holdMs = 15_000;

/**
 * An API client that survives its connection: it connects again with growing pauses, keeps event
 * listeners across connections, and holds calls made meanwhile for some seconds. Calls in flight when
 * a connection closes, and those that waited in vain, are rejected with `engine-stopped`.
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
    invoke: async <M extends Method>(
      method: M,
      params: ParamsOf<M>,
      options: CallOptions<M> = {},
    ): Promise<ResultOf<M>> =>
      (current ?? (await inTime(waiting.promise, options.signal))).invoke(method, params, options),
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

/** What is awaited, unless that takes too long or is not wanted any more. */
function inTime<T>(awaited: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new MedleyError('cancelled', 'The call was cancelled.'));
    if (signal?.aborted) return cancel();
    const giveUp = () => reject(new MedleyError('engine-stopped', 'Medley does not answer.'));
    const timer = setTimeout(giveUp, holdMs);
    signal?.addEventListener('abort', cancel, { once: true });
    void awaited.then(resolve).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    });
  });
}
