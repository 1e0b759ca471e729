import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import { forkEngine } from '#main/engine/process/child-engine.ts';
import { createEngineHost } from '#main/engine/process/host.ts';
import { temporaryFolder } from '../library/pictures.ts';
import { outsideCi } from '../support/outside-ci.ts';
import { makePhotos } from '../support/photo-folder.ts';

const tinyModel = join(import.meta.dirname, '..', 'fixtures', 'tiny-model');
const bundle = join(import.meta.dirname, '..', '..', 'out', 'main', 'engine.js');
const loader = new URL('../../src/main/runtime/onnx-runtime.ts', import.meta.url);

test('a session leaves nothing to be posted, whatever the environment asks for', () => {
  const home = temporaryFolder();
  const script = join(import.meta.dirname, 'session-process.ts');
  const env = { ...process.env, ...outsideCi, HOME: home, ORT_DISABLE_TELEMETRY: '0' };
  const run = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  expect(run).toMatchObject({ status: 0, stdout: 'ran\n' });
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});

/** The bundler moves imports of packages before everything else. */
test('nor does the engine as it is bundled for the desktop app', async () => {
  const [home, folder] = [temporaryFolder(), temporaryFolder()];
  const [library, photos] = [join(folder, 'library'), join(folder, 'photos')];
  await makePhotos(photos, 1);
  for (const [name, value] of Object.entries({ ...outsideCi, HOME: home })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const options = { libraryFolder: library, modelFolder: tinyModel, device: 'cpu' as const };
  const engine = createEngineHost(() => forkEngine(bundle, options));
  onTestFinished(() => engine.close());
  const captioned = Promise.withResolvers();
  engine.on('activity/changed', ({ stages }) => {
    if (stages.some(({ name, done }) => name === 'caption' && done > 0)) captioned.resolve(null);
  });
  await engine.invoke('library/import', { folder: photos });
  await captioned.promise;
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
