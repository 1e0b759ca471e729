import { expect, it } from 'vitest';
import { windowTransport } from '#main/engine/process/window-transport.ts';
import type { Message } from '#shared/rpc/messages.ts';

/** A window's messages as the engine gets them, and what the window is told. */
function hearing() {
  const passed: unknown[] = [];
  const told: Message[] = [];
  let say: (message: unknown) => void = () => {};
  windowTransport({
    send: (message) => told.push(message),
    listen: (onMessage) => (say = onMessage),
  }).listen(
    (message) => passed.push(message),
    () => {},
  );
  return { passed, told, say: (message: unknown) => say(message) };
}

const id = 'a'.repeat(32);

/** Far deeper than a message can be copied to another process. */
function nested(): unknown {
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  return value;
}

it('hands on what the API describes, and nothing that lies beside it', () => {
  const { passed, told, say } = hearing();
  const more = nested();
  say({ type: 'request', id: 1, method: 'photos/get', params: { id, more }, more });
  say({ type: 'cancel', id: 1, more });
  expect(passed).toEqual([
    { type: 'request', id: 1, method: 'photos/get', params: { id } },
    { type: 'cancel', id: 1 },
  ]);
  expect(told).toEqual([]);
});

it('refuses what the API does not describe', () => {
  const { passed, told, say } = hearing();
  say({ type: 'request', id: 1, method: 'photos/get', params: nested() });
  say({ type: 'request', id: 2, method: 'photos/get', params: { id: nested() } });
  say({ type: 'request', id: 3, method: 'photos/steal', params: null });
  say({ type: 'request', id: 4, method: 'photos/file', params: { id, rendition: 'view' } });
  say({ type: 'request', id: 5, method: 'x'.repeat(1000), params: null });
  say({ type: 'reply', id: 6, result: null });
  expect(passed).toEqual([]);
  expect(told).toMatchObject(
    [1, 2, 3, 4].map((call) => ({ id: call, error: { code: 'bad-request' } })),
  );
});
