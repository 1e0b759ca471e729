import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { kernelRuns } from '#main/runtime/profile.ts';
import { busTraffic } from '#main/training/bus-traffic.ts';

const folder = await mkdtemp(join(tmpdir(), 'medley-traffic-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function event(cat: string, name: string, ts: number, dur: number, args: object = {}) {
  return { cat, pid: 1, tid: 1, dur, ts, ph: 'X', name, args };
}

function kernel(op: string, provider: string, ts: number, dur: number, bytes = 0) {
  return event('Node', `${op}_kernel_time`, ts, dur, {
    op_name: op,
    provider: `${provider}ExecutionProvider`,
    output_size: String(bytes),
  });
}

/** A run of two steps, of which each has an inner loop, in the form that ONNX Runtime writes. */
function runAt(start: number, loops: string) {
  const steps = [start + 10, start + 40].flatMap((at) => [
    kernel('MemcpyFromHost', 'CUDA', at, 1, 8),
    kernel('MatMul', 'CUDA', at + 2, 3, 4000),
    kernel('MemcpyToHost', 'CUDA', at + 8, 2, 100),
    kernel('Loop', loops, at + 1, 20),
  ]);
  return [
    kernel('MemcpyFromHost', 'CUDA', start + 1, 2, 7000),
    ...steps,
    kernel('Loop', loops, start + 5, 80),
    event('Session', 'model_run', start, 100),
  ];
}

async function trafficOf(loops: string) {
  const file = join(folder, `${loops}.json`);
  const events = [0, 1000, 2000].flatMap((start) => runAt(start, loops));
  await writeFile(file, JSON.stringify([event('Session', 'model_loading', 0, 1), ...events]));
  return busTraffic(await kernelRuns(file), { runs: 2, steps: 2 });
}

test('copies within the loop are counted by step, those beside it by run, the first run not at all', async () => {
  expect(await trafficOf('CUDA')).toEqual({
    loopOnDevice: true,
    everyStep: { count: 2, bytes: 108, largest: 100 },
    everyRun: { count: 1, bytes: 7000, largest: 7000 },
  });
});

test('without a loop, a run is a step', async () => {
  const file = join(folder, 'flat.json');
  const runs = [0, 1000].map((start) => [
    kernel('MemcpyFromHost', 'WebGpu', start + 1, 2, 7000),
    event('Session', 'model_run', start, 100),
  ]);
  await writeFile(file, JSON.stringify([event('Session', 'model_loading', 0, 1), ...runs.flat()]));
  expect(busTraffic(await kernelRuns(file), { runs: 1, steps: 1 })).toEqual({
    loopOnDevice: true,
    everyStep: { count: 1, bytes: 7000, largest: 7000 },
    everyRun: { count: 0, bytes: 0, largest: 0 },
  });
});

test('a loop on the CPU is told', async () => {
  expect(await trafficOf('CPU')).toMatchObject({ loopOnDevice: false });
});
