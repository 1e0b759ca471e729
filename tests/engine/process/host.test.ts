import { afterEach, describe, expect, it } from 'vitest';
import type { Message, Transport } from '#shared/rpc/messages.ts';
import { createClient } from '#shared/rpc/client.ts';
import { mostAtOnce, mostWaiting } from '#main/engine/process/bounded-transport.ts';
import {
  createEngineHost,
  type EngineHost,
  type EngineProcess,
} from '#main/engine/process/host.ts';

/** An engine process that lives in this one: it answers what the test tells it to. */
class ScriptedEngine implements EngineProcess {
  readonly received: Message[] = [];
  #toHost: (message: unknown) => void = () => {};
  #onExit: () => void = () => {};
  readonly transport: Transport = {
    send: (message) => this.received.push(message),
    listen: (onMessage, onClose) => {
      this.#toHost = onMessage;
      this.#onExit = onClose;
    },
  };

  die(): void {
    this.#onExit();
  }

  stop(): void {
    queueMicrotask(() => this.die());
  }

  say(message: unknown): void {
    this.#toHost(message);
  }

  /** The type and id of what it received, in order. */
  get heard(): string[] {
    return this.received.map((message) =>
      message.type === 'event' ? message.type : `${message.type} ${message.id}`,
    );
  }

  /** Answers the n-th request it received. */
  answer(n: number, result: unknown): void {
    const request = this.received[n];
    if (request?.type !== 'request') throw new Error(`no request ${n}`);
    this.say({ type: 'reply', id: request.id, result });
  }
}

/** A client as a door holds it, and the end the door attaches to the host. */
function pipe() {
  let toClient: (message: unknown) => void = () => {};
  let toHost: (message: unknown) => void = () => {};
  let closeHostEnd = () => {};
  const client = createClient({
    send: (message) => toHost(message),
    listen: (onMessage) => (toClient = onMessage),
  });
  const hostEnd: Transport = {
    send: (message) => toClient(message),
    listen: (onMessage, onClose) => {
      toHost = onMessage;
      closeHostEnd = onClose;
    },
  };
  return { client, hostEnd, close: () => closeHostEnd() };
}

describe('createEngineHost', () => {
  const engines: ScriptedEngine[] = [];
  let host: EngineHost;
  const open = () => {
    engines.length = 0;
    host = createEngineHost(() => {
      const engine = new ScriptedEngine();
      engines.push(engine);
      return engine;
    });
  };
  afterEach(() => host.close());

  it('gives each client the reply to its own request, whatever the order', async () => {
    open();
    const [a, b] = [pipe(), pipe()];
    host.attach(a.hostEnd);
    host.attach(b.hostEnd);
    const first = a.client.invoke('activity/pause', null);
    const second = b.client.invoke('activity/resume', null);
    engines[0]?.answer(1, 'for b');
    engines[0]?.answer(0, 'for a');
    expect(await Promise.all([first, second])).toEqual(['for a', 'for b']);
  });

  it('hands progress to the client that asked, and its cancelling to the engine', async () => {
    open();
    const [a, b] = [pipe(), pipe()];
    host.attach(a.hostEnd);
    host.attach(b.hostEnd);
    const query = { kind: 'text', text: 'a dog' } as const;
    const told: string[] = [];
    const controller = new AbortController();
    const search = (name: string, { client }: typeof a, signal?: AbortSignal) =>
      client.invoke(
        'search/run',
        { query },
        { signal, onProgress: ({ stage }) => told.push(`${name}: ${stage}`) },
      );
    const first = expect(search('a', a, controller.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    const second = search('b', b);
    engines[0]?.say({ type: 'progress', id: 2, data: { stage: 'shortlist' } });
    expect(told).toEqual(['b: shortlist']);

    controller.abort();
    await first;
    engines[0]?.say({ type: 'progress', id: 1, data: { stage: 'rerank' } });
    expect(told).toEqual(['b: shortlist']);
    expect(engines[0]?.heard).toEqual(['request 1', 'request 2', 'cancel 1']);
    engines[0]?.answer(1, 'for b');
    expect(await second).toBe('for b');
  });

  it('cancels the calls of a client that goes away, and no others', () => {
    open();
    const [a, b] = [pipe(), pipe()];
    host.attach(a.hostEnd);
    host.attach(b.hostEnd);
    void a.client.invoke('activity/pause', null);
    void b.client.invoke('activity/pause', null).catch(() => {});
    void a.client.invoke('activity/resume', null);
    a.close();
    expect(engines[0]?.heard.slice(3)).toEqual(['cancel 1', 'cancel 3']);
  });

  it('lets the engine work on so many calls of a client at once, and refuses a flood', async () => {
    open();
    const { client, hostEnd } = pipe();
    host.attach(hostEnd);
    const calls = Array.from({ length: mostAtOnce + mostWaiting + 1 }, () =>
      client.invoke('activity/pause', null),
    );
    await expect(calls.pop()).rejects.toMatchObject({ code: 'too-many-calls' });
    expect(engines[0]?.received).toHaveLength(mostAtOnce);

    // Another client is not held up by this one.
    const other = pipe();
    host.attach(other.hostEnd);
    const quick = other.client.invoke('activity/resume', null);
    engines[0]?.answer(mostAtOnce, 'quick');
    expect(await quick).toBe('quick');

    for (let n = 0; n <= calls.length; n++) {
      if (n !== mostAtOnce) engines[0]?.answer(n, n);
    }
    expect((await Promise.all(calls)).at(-1)).toBe(calls.length);
  });

  it('keeps calls that waited when the engine dies for the next one', async () => {
    open();
    const { client, hostEnd } = pipe();
    host.attach(hostEnd);
    const calls = Array.from({ length: mostAtOnce + 1 }, () =>
      client.invoke('activity/pause', null),
    );
    const last = calls.pop();
    const lost = Promise.allSettled(calls);
    engines[0]?.die();
    expect(new Set((await lost).map(({ status }) => status))).toEqual(new Set(['rejected']));
    await expect.poll(() => engines[1]?.received.length).toBe(1);
    engines[1]?.answer(0, 'late');
    expect(await last).toBe('late');
  });

  it('sends events to every client that is still there', () => {
    open();
    const [a, b] = [pipe(), pipe()];
    const heard: string[] = [];
    for (const [name, { client, hostEnd }] of Object.entries({ a, b })) {
      host.attach(hostEnd);
      client.on('notice', ({ message }) => heard.push(`${name}: ${message}`));
    }
    b.close();
    const data = { level: 'info', message: 'hello' };
    engines[0]?.say({ type: 'event', name: 'notice', data });
    expect(heard).toEqual(['a: hello']);
  });

  it('rejects calls in flight when the engine dies, restarts it and serves on', async () => {
    open();
    const lost = host.invoke('library/info', null);
    const notices: string[] = [];
    host.on('notice', ({ message }) => notices.push(message));
    engines[0]?.die();
    await expect(lost).rejects.toMatchObject({ code: 'engine-stopped' });
    expect(notices).toHaveLength(1);

    const next = host.invoke('activity/pause', null);
    await expect.poll(() => engines[1]?.received.length).toBe(1);
    engines[1]?.answer(0, null);
    expect(await next).toBeNull();
  });

  it('refuses calls at once while an engine that keeps dying waits for its next start', async () => {
    open();
    for (let i = 0; i < 3; i++) {
      await expect.poll(() => engines.length).toBe(i + 1);
      engines[i]?.die();
    }
    await expect(host.invoke('library/info', null)).rejects.toMatchObject({
      code: 'engine-stopped',
    });
  });

  it('ends the engine on close, rejects what is in flight and starts no other', async () => {
    open();
    const lost = expect(host.invoke('library/info', null)).rejects.toMatchObject({
      code: 'engine-stopped',
    });
    await host.close();
    await lost;
    expect(engines).toHaveLength(1);
  });
});
