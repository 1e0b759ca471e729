import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { forkEngine } from '#main/engine/process/child-engine.ts';
import { createEngineHost, type EngineHost } from '#main/engine/process/host.ts';
import { engineArguments } from '#main/engine/process/process-arguments.ts';
import { openStore } from '#main/store/store.ts';
import { makePhotos } from '../../support/photo-folder.ts';

const entry = new URL('../../../src/main/engine/process/process.ts', import.meta.url).pathname;
/** As `npm run build` bundles it for Electron. */
const bundle = new URL('../../../out/main/engine.js', import.meta.url).pathname;
const modelFolder = new URL('../../fixtures/tiny-model', import.meta.url).pathname;

let folder: string;
let library: string;
let host: EngineHost;
let started: number;

function open(file = entry): void {
  started = 0;
  host = createEngineHost(() => {
    started++;
    return forkEngine(file, { libraryFolder: library, modelFolder, device: 'cpu' });
  });
}

/** Kills the process that holds the library, as its lock names it. */
async function killEngine(): Promise<void> {
  const lock: unknown = JSON.parse(await readFile(join(library, 'library.lock'), 'utf8'));
  process.kill(z.object({ pid: z.int() }).parse(lock).pid, 'SIGKILL');
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-process-'));
  library = join(folder, 'library');
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

it('restarts a killed engine, which finishes its work', async () => {
  const photos = join(folder, 'photos');
  await makePhotos(photos, 40);
  open();
  const begun = Promise.withResolvers();
  host.on('activity/changed', ({ stages }) => {
    if (stages.some(({ name, done }) => name === 'embed' && done > 0)) begun.resolve(null);
  });
  await host.invoke('library/import', { folder: photos });
  await begun.promise;
  const notices: string[] = [];
  host.on('notice', ({ message }) => notices.push(message));
  await killEngine();
  await expect(host.invoke('photos/timeline', null)).rejects.toMatchObject({
    code: 'engine-stopped',
  });
  expect(notices).toHaveLength(1);
  await expect
    .poll(() => host.invoke('library/info', null), { interval: 200 })
    .toMatchObject({ photos: 40, embedded: 40, captioned: 40, folders: [photos] });
  expect(started).toBe(2);
});

it('works as it is bundled', async () => {
  const photos = join(folder, 'photos');
  await makePhotos(photos, 3);
  open(bundle);
  await host.invoke('library/import', { folder: photos });
  await expect
    .poll(() => host.invoke('library/info', null), { interval: 200 })
    .toMatchObject({ photos: 3, embedded: 3, captioned: 3 });
});

it('says why a library cannot be opened, instead of dying over and over', async () => {
  const store = await openStore(library);
  open();
  await expect(host.invoke('library/info', null)).rejects.toMatchObject({
    code: 'library-locked',
    message: expect.stringContaining(String(process.pid)),
  });
  expect(started).toBe(1);
  await store.close();
});

it('mends a damaged library when it is asked to, and opens it', async () => {
  const photos = join(folder, 'photos');
  await makePhotos(photos, 3);
  open();
  await host.invoke('library/import', { folder: photos });
  const whole = { photos: 3, embedded: 3, captioned: 3 };
  const info = () => host.invoke('library/info', null);
  await expect.poll(info, { interval: 200 }).toMatchObject(whole);
  await expect(host.invoke('library/repair', null)).rejects.toMatchObject({ code: 'bad-request' });
  await host.close();

  const data = join(library, 'database', 'contents.lance', 'data');
  for (const name of await readdir(data)) await truncate(join(data, name), 0);
  started = 0;
  open();
  await expect(info()).rejects.toMatchObject({ code: 'library-damaged' });
  const report = await host.invoke('library/repair', null);
  expect(report.rebuilt).toEqual([expect.stringContaining('contents')]);
  await expect.poll(info, { interval: 200 }).toMatchObject(whole);
  expect(started).toBe(1);
});

it('answers off-schema calls with bad-request', async () => {
  open();
  await expect(host.invoke('photos/get', { id: '../../etc/passwd' })).rejects.toMatchObject({
    code: 'bad-request',
  });
});

it('ends when the process that started it is gone, even before it has opened the library', async () => {
  open();
  await host.close();
  const parent = new URL('short-lived-parent.ts', import.meta.url).pathname;
  const args = engineArguments({ libraryFolder: library, modelFolder, device: 'cpu' });
  const { stdout } = await promisify(execFile)(process.execPath, [parent, entry, ...args]);
  const engine = z.coerce.number().int().positive().parse(stdout);
  await expect.poll(() => isRunning(engine), { timeout: 30_000, interval: 200 }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
