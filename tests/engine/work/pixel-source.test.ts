import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PixelSource } from '#main/engine/work/pixel-source.ts';

/** A square of 64 MiB and a little more: two fill what is kept for the model. */
const side = 4730;

test('photos on their way take up room as those that wait for the model do', async () => {
  const pixels = new PixelSource(() => Promise.reject(new Error('not asked for')));
  const release = await pixels.room([side]);
  await pixels.room([side]);
  let entered = false;
  const third = pixels.room([side]).then(() => (entered = true));
  await sleep(20);
  expect(entered).toBe(false);
  // The first arrives: its place is taken by itself.
  pixels.handOver('first', { sides: [side], squares: [new Uint8Array(3 * side * side)] });
  release();
  await sleep(20);
  expect(entered).toBe(false);
  pixels.drop('first');
  await third;
  expect(entered).toBe(true);
});
