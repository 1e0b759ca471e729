import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../library/pictures.ts';
import { outsideCi } from '../support/outside-ci.ts';

const loader = new URL('../../src/main/runtime/onnx-runtime.ts', import.meta.url);

test('a session leaves nothing to be posted, whatever the environment asks for', () => {
  const home = temporaryFolder();
  const script = join(import.meta.dirname, 'session-process.ts');
  const env = { ...process.env, ...outsideCi, HOME: home, ORT_DISABLE_TELEMETRY: '0' };
  const run = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  expect(run).toMatchObject({ status: 0, stdout: 'ran\n' });
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});

test('a thread cannot load ONNX Runtime before the main thread has switched it off', async () => {
  const load = (env: NodeJS.ProcessEnv) =>
    new Promise((resolve) => {
      const worker = new Worker(loader, { env });
      worker.once('error', (error) => resolve(error));
      worker.once('exit', (code) => resolve(code));
    });
  expect(await load({})).toMatchObject({ message: expect.stringContaining('main thread') });
  expect(await load({ ORT_DISABLE_TELEMETRY: '1' })).toBe(0);
});
