import { expect, it } from 'vitest';
import { WorkMeter } from '#main/engine/progress/work-meter.ts';

it('measures what comes over the network, not what was there or is read again', () => {
  let now = 0;
  const meter = new WorkMeter('bytes', () => now);
  meter.update(40e6, 100e6, false);
  meter.update(40e6, 100e6);
  expect(meter.progress).toEqual({
    done: 40e6,
    total: 100e6,
    unit: 'bytes',
    rate: null,
    secondsLeft: null,
  });
  for (let second = 1; second <= 4; second++) {
    now = second * 1000;
    meter.update(40e6 + second * 5e6, 100e6);
  }
  const { rate, secondsLeft } = meter.progress;
  expect(rate).toBeCloseTo(5e6);
  expect(secondsLeft).toBeCloseTo(8);
  meter.update(0, 100e6);
  expect(meter.progress.done).toBe(0);
  meter.update(100e6, 100e6, false);
  expect(meter.progress).toMatchObject({ rate: null, secondsLeft: null });
});

it('says how long it takes only where the total is known', () => {
  let now = 0;
  const meter = new WorkMeter('bytes', () => now);
  meter.update(0, null);
  now = 1000;
  meter.update(5, null);
  expect(meter.progress).toMatchObject({ done: 5, total: null, secondsLeft: null });
  expect(meter.progress.rate).toBeCloseTo(5);
});
