import { expect, it } from 'vitest';
import { runMedley, tinyModel } from './run-medley.ts';

it('measures steps of training, with what is trained counted', async () => {
  const choice = ['--model', tinyModel, '--device', 'cpu', '--seconds', '0.01', '--batch', '2'];
  const asked = ['--objectives', 'captioning', 'retrieval', '--trainable', 'heads', 'text'];
  const ways = ['--steps-per-run', '3', '--profile'];
  const run = await runMedley(['bench', '--train', ...choice, ...asked, ...ways, '--json']);
  expect(run).toMatchObject({ status: 0 });
  const { rates, device } = JSON.parse(run.stdout);
  expect(device).toMatchObject({ provider: 'cpu' });
  const names = rates.map(({ objective, trainable }: Record<string, string>) => [
    objective,
    trainable,
  ]);
  expect(names).toEqual([
    ['captioning', 'heads'],
    ['captioning', 'text'],
    ['retrieval', 'heads'],
    ['retrieval', 'text'],
  ]);
  const none = { count: 0, bytes: 0, largest: 0 };
  const bus = { loopOnDevice: false, everyStep: none, everyRun: none };
  for (const rate of rates) expect(rate).toMatchObject({ batch: 2, bus });
  // The whole text stack holds its heads.
  expect(rates[0].trained).toBeGreaterThan(0);
  expect(rates[1].trained).toBeGreaterThan(rates[0].trained);
  expect(rates[3].trained).toBeGreaterThan(rates[2].trained);
});
