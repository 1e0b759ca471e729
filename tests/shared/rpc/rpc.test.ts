import { expect, it } from 'vitest';
import { unwatched, type CallContext, type Handlers } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import { createClient } from '#shared/rpc/client.ts';
import type { Message, Transport } from '#shared/rpc/messages.ts';
import { serve } from '#shared/rpc/server.ts';
import type { SearchProgress } from '#shared/schemas/search.ts';

const query = { kind: 'text', text: 'a dog' } as const;

function state(stage: SearchProgress['stage']): SearchProgress {
  const ms = { embed: 0, shortlist: 0, rerank: 0 };
  const found = { results: [], above: null, line: null, searched: 0, more: false, total: null };
  return { stage, reranked: 0, shortlist: 0, ...found, notes: [], ms };
}

/** A client of these handlers, what was sent to it, and the end of the connection. */
function connected(handlers: Partial<Handlers>) {
  const sent: Message[] = [];
  let toClient: (message: unknown) => void = () => {};
  let toServer: (message: unknown) => void = () => {};
  let close = () => {};
  const server: Transport = {
    send: (message) => {
      sent.push(message);
      toClient(structuredClone(message));
    },
    listen: (onMessage, onClose) => {
      toServer = onMessage;
      close = onClose;
    },
  };
  serve(server, handlers as Handlers);
  const client = createClient({
    send: (message) => toServer(structuredClone(message)),
    listen: (onMessage) => (toClient = onMessage),
  });
  return { client, sent, close: () => close() };
}

/** A search that goes on until it is cancelled, and the contexts of its calls. */
function endlessSearch() {
  const contexts: CallContext<SearchProgress>[] = [];
  const handlers: Partial<Handlers> = {
    'search/run': (_params, context = unwatched()) =>
      new Promise((_resolve, reject) => {
        contexts.push(context);
        const stop = () => reject(new MedleyError('cancelled', 'Stopped.'));
        context.signal.addEventListener('abort', stop);
      }),
  };
  return { handlers, contexts };
}

it('hands the progress of a call to whoever made it, before its result', async () => {
  const { client } = connected({
    'search/run': async ({ query }, { progress } = unwatched()) => {
      progress(state(query.kind === 'text' && query.text === 'a cat' ? 'shortlist' : 'rerank'));
      return state('done');
    },
  });
  const told: string[] = [];
  const search = (name: string, text: string) =>
    client.invoke(
      'search/run',
      { query: { kind: 'text', text } },
      { onProgress: ({ stage }) => told.push(`${name}: ${stage}`) },
    );
  const [first, second] = [search('first', 'a cat'), search('second', 'a dog')];
  expect([(await first).stage, (await second).stage]).toEqual(['done', 'done']);
  expect(told).toEqual(['first: shortlist', 'second: rerank']);
});

it('ends the call that is cancelled, and no other', async () => {
  const { handlers, contexts } = endlessSearch();
  const { client, sent } = connected(handlers);
  const controller = new AbortController();
  const cancelled = client.invoke('search/run', { query }, { signal: controller.signal });
  void client.invoke('search/run', { query });
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await expect.poll(() => sent).toMatchObject([{ type: 'reply', error: { code: 'cancelled' } }]);
});

it('makes no call that is cancelled already', async () => {
  const { handlers, contexts } = endlessSearch();
  const { client } = connected(handlers);
  const call = client.invoke('search/run', { query }, { signal: AbortSignal.abort() });
  await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  expect(contexts).toEqual([]);
});

it('ends every call of a connection that closes', () => {
  const { handlers, contexts } = endlessSearch();
  const { client, close } = connected(handlers);
  client.invoke('search/run', { query }).catch(() => {});
  client.invoke('search/run', { query }).catch(() => {});
  close();
  expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});
