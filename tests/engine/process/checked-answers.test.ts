import { expect, it } from 'vitest';
import type { Handlers } from '#shared/api.ts';
import { checkedEmit, checkedHandlers } from '#main/engine/process/checked-answers.ts';

/** Handlers that give what no type checker would let them. */
const wrong = (result: unknown) =>
  checkedHandlers({ 'photos/labels': async () => result } as unknown as Handlers);

it('fails a call whose result is not as the API declares', async () => {
  const label = { id: 'a'.repeat(32), fileName: 'a.jpg', caption: null, missing: false };
  const ask = (result: unknown) => wrong(result)['photos/labels']({ ids: [] });
  expect(await ask([label])).toEqual([label]);
  await expect(ask([{ ...label, fileName: 1 }])).rejects.toThrow(/photos\/labels is not as/);
  await expect(ask([{ ...label, path: '/home' }])).rejects.toThrow(/holds more than is declared/);
});

it('fails progress that is not declared', async () => {
  const handlers = checkedHandlers({
    'activity/pause': async (_params: null, context: { progress: (data: unknown) => void }) => {
      context.progress('half');
      return null;
    },
  } as unknown as Handlers);
  await expect(handlers['activity/pause'](null)).rejects.toThrow(/is not declared/);
});

it('throws for an event that is not as the API declares', () => {
  const emit = checkedEmit(() => {});
  emit('notice', { level: 'info', message: 'hello' });
  expect(() => emit('notice', { level: 'loud' as 'info', message: 'hello' })).toThrow(/notice/);
});
