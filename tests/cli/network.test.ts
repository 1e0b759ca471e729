import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outsideCi } from '../support/outside-ci.ts';
import { makePhotos } from '../support/photo-folder.ts';
import { noSoftwareVulkan, softwareVulkanEnvironment } from '../support/software-vulkan.ts';
import { noWatcher, runWatched, type WatchOptions } from '../support/watched-process.ts';
import { projectRoot, tinyModel } from './run-medley.ts';

/** A library that reports on its user waits before it does: 10 s were seen. */
const servedMs = 30_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-network-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A person's home on a machine that builds nothing for others. */
async function newHome(base: NodeJS.ProcessEnv = process.env) {
  const home = await mkdtemp(join(folder, 'home-'));
  const env = { ...base, ...outsideCi, HOME: home, XDG_CACHE_HOME: undefined, INIT_CWD: undefined };
  return { home, env };
}

/** Runs Medley's command line, expects it to reach out to nobody, and returns what it printed. */
async function medley(args: readonly string[], options: WatchOptions): Promise<string> {
  const script = join(projectRoot, 'src', 'main', 'cli', 'medley.ts');
  const { status, sightings, stdout, stderr } = await runWatched([script, ...args], options);
  expect(sightings, `medley ${args[0]}`).toEqual([]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

describe.skipIf(noWatcher !== null)(`nothing leaves the machine ${noWatcher ?? ''}`, () => {
  const devices = [
    { device: 'cpu', missing: null, environment: () => process.env },
    { device: 'webgpu', missing: noSoftwareVulkan, environment: softwareVulkanEnvironment },
  ];
  for (const { device, missing, environment } of devices) {
    it.skipIf(missing !== null).concurrent(
      `while photos are indexed, searched and served on ${device} ${missing ?? ''}`,
      { timeout: 240_000 },
      async () => {
        const { home, env } = await newHome(await environment());
        const photos = join(folder, `photos on ${device}`);
        const library = ['--library', join(folder, `library on ${device}`), '--json'];
        const options = { env, log: join(folder, `${device}.log`) };
        const model = ['--model', tinyModel, '--device', device];
        await makePhotos(photos, 4);
        await medley(['index', photos, ...library, ...model], options);
        // Its engine imports, embeds and captions these.
        await makePhotos(join(photos, 'new'), 4, 2);
        await medley(['serve', '--port', '0', ...library, ...model], {
          ...options,
          onOutput: (text, stop) => {
            if (text.endsWith('}\n')) setTimeout(() => stop('SIGINT'), servedMs);
          },
        });
        const found = await medley(['search', 'a dog', ...library, ...model], options);
        expect(JSON.parse(found)).toMatchObject({ results: { length: 8 } });
        expect(await readdir(home, { recursive: true })).toEqual([]);
      },
    );
  }

  it('is watched so that a look-up, a connection and a packet are seen', async () => {
    const { env } = await newHome();
    const script = join(import.meta.dirname, '..', 'support', 'reaching-out.ts');
    const { sightings } = await runWatched([script], { env, log: join(folder, 'control.log') });
    const seen = (pattern: RegExp) => sightings.some((line) => pattern.test(line));
    expect(seen(/htons\(53\)|nscd|resolve/), 'the look-up').toBe(true);
    expect(seen(/connect\(.*192\.0\.2\.1/), 'the connection').toBe(true);
    expect(seen(/send.*198\.51\.100\.1/), 'the packet').toBe(true);
    expect(seen(/htons\(9\).*127\.0\.0\.1/), 'the connection to this machine').toBe(false);
  });
});
