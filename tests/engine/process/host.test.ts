import { afterEach, describe, expect, it } from 'vitest';
import type { Message, Transport } from '#shared/rpc/messages.ts';
import { createClient } from '#shared/rpc/client.ts';
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
      await expect.poll(() => engines.length, { timeout: 5000 }).toBe(i + 1);
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
