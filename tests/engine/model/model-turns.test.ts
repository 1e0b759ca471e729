import { expect, it } from 'vitest';
import { ModelTurns } from '#main/engine/model/model-turns.ts';

const later = () => new Promise<void>((resolve) => setImmediate(resolve));

it('lets a search in after the batch that runs, before those that wait', async () => {
  const turns = new ModelTurns();
  const order: string[] = [];
  const batch = (name: string) =>
    turns.background(async () => {
      order.push(`${name} begins`);
      await later();
      order.push(`${name} ends`);
    });
  const first = batch('batch 1');
  const second = batch('batch 2');
  await Promise.resolve();
  const search = turns.interactive(async () => {
    order.push('search begins');
    await later();
    await later();
    order.push('search ends');
  });
  await Promise.all([first, second, search]);
  expect(order).toEqual([
    'batch 1 begins',
    'batch 1 ends',
    'search begins',
    'search ends',
    'batch 2 begins',
    'batch 2 ends',
  ]);
});

it('lets a search begin beside the batch that runs, and no other batch beside the search', async () => {
  const turns = new ModelTurns();
  const order: string[] = [];
  const batch = (name: string) =>
    turns.background(async () => {
      order.push(`${name} begins`);
      await later();
      await later();
      order.push(`${name} ends`);
    });
  const first = batch('batch 1');
  const second = batch('batch 2');
  await Promise.resolve();
  const search = turns.beside(async (running) => {
    order.push('search shows something');
    await running;
    order.push('search judges');
    await later();
    order.push('search ends');
  });
  await Promise.all([first, second, search]);
  expect(order).toEqual([
    'batch 1 begins',
    'search shows something',
    'batch 1 ends',
    'search judges',
    'search ends',
    'batch 2 begins',
    'batch 2 ends',
  ]);
});

it('goes on after a batch or a search fails', async () => {
  const turns = new ModelTurns();
  const fail = () => Promise.reject(new Error('no'));
  await expect(turns.background(fail)).rejects.toThrow('no');
  await expect(turns.interactive(fail)).rejects.toThrow('no');
  expect(await turns.background(() => Promise.resolve(1))).toBe(1);
});
