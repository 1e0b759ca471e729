import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Transport } from '#shared/rpc/messages.ts';
import type { Activity } from '#shared/schemas/activity.ts';
import {
  createReconnectingClient,
  type ConnectionState,
} from '../../src/renderer/src/connection/reconnecting-client.ts';
import { ScriptedEngine } from './support/scripted-engine.ts';

const activity: Activity = {
  state: 'idle',
  looking: false,
  stages: [],
  secondsLeft: null,
  failures: 0,
  problem: null,
};
const script = { 'activity/get': () => activity };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Opens the given connections one after the other; null is a failure to connect. */
function opener(...engines: (ScriptedEngine | null)[]) {
  const queue = [...engines];
  const open = vi.fn((): Promise<Transport> => {
    const engine = queue.shift() ?? null;
    return engine ? Promise.resolve(engine.transport) : Promise.reject(new Error('refused'));
  });
  return open;
}

describe('createReconnectingClient', () => {
  it('holds calls until it is connected', async () => {
    const client = createReconnectingClient(opener(null, new ScriptedEngine(script)));
    const answer = client.invoke('activity/get', null);
    await vi.advanceTimersByTimeAsync(500);
    await expect(answer).resolves.toEqual(activity);
  });

  it('does not hold them for ever, nor what is not wanted any more', async () => {
    const client = createReconnectingClient(opener());
    const controller = new AbortController();
    const unwanted = expect(
      client.invoke('activity/get', null, { signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    controller.abort();
    await unwanted;
    const vain = expect(client.invoke('activity/get', null)).rejects.toMatchObject({
      code: 'engine-stopped',
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await vain;
  });

  it('waits longer after each failure, and starts afresh once connected', async () => {
    const engine = new ScriptedEngine(script);
    const open = opener(null, null, null, engine, null);
    const states: ConnectionState[] = [];
    createReconnectingClient(open).watch((state) => states.push(state));
    const attemptsAfter = async (milliseconds: number) => {
      await vi.advanceTimersByTimeAsync(milliseconds);
      return open.mock.calls.length;
    };
    expect(await attemptsAfter(499)).toBe(1);
    expect(await attemptsAfter(1)).toBe(2);
    expect(await attemptsAfter(999)).toBe(2);
    expect(await attemptsAfter(1)).toBe(3);
    expect(await attemptsAfter(2000)).toBe(4);
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'lost', 'lost', 'lost', 'open']);
    engine.close();
    expect(states.at(-1)).toMatchObject({ kind: 'lost', attempts: 1 });
    expect(await attemptsAfter(500)).toBe(5);
  });

  it('rejects calls in flight when the connection closes', async () => {
    const engine = new ScriptedEngine({ 'activity/get': () => new Promise<Activity>(() => {}) });
    const client = createReconnectingClient(opener(engine));
    const answer = client.invoke('activity/get', null);
    const rejected = expect(answer).rejects.toMatchObject({ code: 'engine-stopped' });
    await vi.advanceTimersByTimeAsync(0);
    engine.close();
    await rejected;
  });

  it('keeps listeners across connections, until they are stopped', async () => {
    const [first, second] = [new ScriptedEngine(), new ScriptedEngine()];
    const client = createReconnectingClient(opener(first, second));
    const heard: string[] = [];
    const stop = client.on('notice', ({ message }) => heard.push(message));
    await vi.advanceTimersByTimeAsync(0);
    first.emit('notice', { level: 'info', message: 'one' });
    first.close();
    await vi.advanceTimersByTimeAsync(500);
    second.emit('notice', { level: 'info', message: 'two' });
    stop();
    second.emit('notice', { level: 'info', message: 'three' });
    expect(heard).toEqual(['one', 'two']);
  });

  it('tries at once when asked, and only once', async () => {
    const open = opener(null, new ScriptedEngine(script));
    const client = createReconnectingClient(open);
    await vi.advanceTimersByTimeAsync(0);
    client.retry();
    client.retry();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(open).toHaveBeenCalledTimes(2);
  });
});
