import { MedleyError, toErrorShape } from '#shared/errors.ts';
import { createClient, type ApiClient } from '#shared/rpc/client.ts';
import { ClientMessage, type Message, type Transport } from '#shared/rpc/messages.ts';
import { boundedTransport } from './bounded-transport.ts';

/** A running engine process. Its transport closes when the process is gone. */
export interface EngineProcess {
  readonly transport: Transport;
  /** Asks the process to finish its writes and end. */
  stop(): void;
}

export interface EngineHost {
  /** Lets a client talk to the engine until the client's transport closes. */
  attach(client: Transport): void;
  readonly invoke: ApiClient['invoke'];
  readonly on: ApiClient['on'];
  /** Stops the engine and waits until its process is gone. Calls in flight are rejected. */
  close(): Promise<void>;
}

/** Waits before a restart, in milliseconds, by the number of early deaths in a row. */
const backOff = [0, 250, 1000, 4000, 15_000] as const;
/** An engine that lived this long did not die early. */
const settledMs = 30_000;
/** Calls made during a wait up to this long are held for the new process, else refused. */
const holdMs = 1000;

interface Call {
  readonly client: Transport;
  readonly id: number;
}

/**
 * Runs the engine through `spawn`, restarts it whenever it dies (its jobs resume by themselves)
 * and lets any number of clients share it. Replies and progress go to the client that asked,
 * events to all. Calls in flight when the engine dies are answered with `engine-stopped`; those of
 * a client that goes away are cancelled.
 */
export function createEngineHost(spawn: () => EngineProcess): EngineHost {
  const clients = new Set<Transport>();
  const calls = new Map<number, Call>();
  const held: ClientMessage[] = [];
  let engine: EngineProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let earlyDeaths = 0;
  let nextId = 1;
  let closing = false;
  let onGone = () => {};
  const gone = new Promise<void>((resolve) => (onGone = resolve));

  function start(): void {
    timer = null;
    const startedAt = Date.now();
    const process = spawn();
    engine = process;
    process.transport.listen(fromEngine, () => died(startedAt));
    for (const message of held.splice(0)) process.transport.send(message);
  }

  function died(startedAt: number): void {
    if (!engine) return;
    engine = null;
    rejectAll('The engine stopped before it answered.');
    if (closing) return onGone();
    earlyDeaths = Date.now() - startedAt < settledMs ? earlyDeaths + 1 : 0;
    const wait = backOff[Math.min(earlyDeaths, backOff.length - 1)];
    broadcast({
      type: 'event',
      name: 'notice',
      data: {
        level: 'warning',
        message: 'The engine stopped unexpectedly. It is being restarted and continues its work.',
      },
    });
    timer = setTimeout(start, wait);
    if (wait > holdMs) rejectAll('The engine keeps stopping; it is tried again in a few seconds.');
  }

  function fromEngine(raw: unknown): void {
    if (!isMessage(raw)) return;
    if (raw.type === 'event') return broadcast(raw);
    if (raw.type !== 'reply' && raw.type !== 'progress') return;
    const call = calls.get(raw.id);
    if (raw.type === 'reply') calls.delete(raw.id);
    call?.client.send({ ...raw, id: call.id });
  }

  function fromClient(client: Transport, raw: unknown): void {
    const message = ClientMessage.safeParse(raw);
    if (!message.success) return;
    if (message.data.type === 'cancel') return cancelCalls(client, message.data.id);
    if (closing || (!engine && willWaitLong())) {
      const error = new MedleyError('engine-stopped', 'The engine is not running.');
      client.send({ type: 'reply', id: message.data.id, error: toErrorShape(error) });
      return;
    }
    const id = nextId++;
    calls.set(id, { client, id: message.data.id });
    toEngine({ ...message.data, id });
  }

  /** Cancels one call of a client, or all of them. */
  function cancelCalls(client: Transport, only?: number): void {
    for (const [id, call] of calls) {
      const meant = call.client === client && (only === undefined || call.id === only);
      if (meant) toEngine({ type: 'cancel', id });
    }
  }

  function toEngine(message: ClientMessage): void {
    if (engine) engine.transport.send(message);
    else held.push(message);
  }

  function willWaitLong(): boolean {
    return (backOff[Math.min(earlyDeaths, backOff.length - 1)] ?? 0) > holdMs;
  }

  function rejectAll(reason: string): void {
    const error = toErrorShape(new MedleyError('engine-stopped', reason));
    const rejected = [...calls.values()];
    calls.clear();
    held.length = 0;
    for (const { client, id } of rejected) client.send({ type: 'reply', id, error });
  }

  function broadcast(message: Message): void {
    for (const client of clients) client.send(message);
  }

  function attach(unbounded: Transport): void {
    const client = boundedTransport(unbounded);
    clients.add(client);
    client.listen(
      (raw) => fromClient(client, raw),
      () => {
        clients.delete(client);
        cancelCalls(client);
        for (const [id, call] of calls) if (call.client === client) calls.delete(id);
      },
    );
  }

  const own = createClient(ownTransport(attach));
  start();

  return {
    attach,
    invoke: own.invoke,
    on: own.on,
    close: async () => {
      closing = true;
      if (timer) clearTimeout(timer);
      if (!engine) return;
      engine.stop();
      await gone;
    },
  };
}

/** The client end of a pipe whose other end is attached to the host itself. */
function ownTransport(attach: (client: Transport) => void): Transport {
  let toHost: (message: unknown) => void = () => {};
  let toClient: (message: unknown) => void = () => {};
  attach({
    send: (message) => toClient(message),
    listen: (onMessage) => (toHost = onMessage),
  });
  return {
    send: (message) => toHost(message),
    listen: (onMessage) => (toClient = onMessage),
  };
}

/** The engine is our own code: its envelope is trusted, its kind is what we need to know. */
function isMessage(raw: unknown): raw is Message {
  return typeof raw === 'object' && raw !== null && 'type' in raw;
}
