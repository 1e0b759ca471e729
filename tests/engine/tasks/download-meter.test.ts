import { expect, it } from 'vitest';
import { DownloadMeter } from '#main/engine/tasks/download-meter.ts';

it('measures what comes over the network, not what was there or is read again', () => {
  let now = 0;
  const meter = new DownloadMeter(() => now);
  const at = (state: 'checking' | 'fetching', done: number) =>
    meter.update({ state, files: [{ name: 'weights', done, total: 100e6 }] });
  at('checking', 40e6);
  at('fetching', 40e6);
  expect(meter.status).toMatchObject({ done: 40e6, total: 100e6, rate: null, secondsLeft: null });
  for (let second = 1; second <= 4; second++) {
    now = second * 1000;
    at('fetching', 40e6 + second * 5e6);
  }
  const { rate, secondsLeft } = meter.status;
  expect(rate).toBeCloseTo(5e6);
  expect(secondsLeft).toBeCloseTo(8);
  at('fetching', 0);
  expect(meter.status.done).toBe(0);
  at('checking', 100e6);
  expect(meter.status).toMatchObject({ rate: null, secondsLeft: null });
});

it('knows no total while one file has none', () => {
  const meter = new DownloadMeter();
  meter.update({ state: 'fetching', files: [{ name: 'a.pth', done: 5, total: null }] });
  expect(meter.status).toMatchObject({ done: 5, total: null, secondsLeft: null });
});
