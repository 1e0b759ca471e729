import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '#main/cli/build-interface.ts';
import { hasDisplay } from '#main/cli/choose-door.ts';
import { findElectron } from '#main/cli/electron-binary.ts';
import { projectRoot } from '#main/cli/project-paths.ts';

const electron = findElectron();
const display = hasDisplay({ platform: process.platform, environment: process.env });
const obstacle =
  electron === null
    ? 'no Electron program is installed (ELECTRON_EXEC_PATH, or `npx install-electron`)'
    : display
      ? null
      : 'there is no display';
if (obstacle !== null) console.log(`SKIPPED: ${obstacle}.`);

describe.skipIf(obstacle !== null)('the desktop app in Electron', () => {
  let folder: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    await ensureBuilt();
    folder = await mkdtemp(join(tmpdir(), 'medley-electron-'));
    await sharp({ create: { width: 400, height: 300, channels: 3, background: '#3a7' } })
      .jpeg()
      .toFile(join(folder, 'green.jpg'));
    app = await _electron.launch({
      executablePath: electron ?? '',
      args: [
        projectRoot,
        `--user-data-dir=${join(folder, 'profile')}`,
        '--library',
        join(folder, 'library'),
        '--import',
        folder,
      ],
    });
    page = await app.firstWindow();
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it('shows the interface and a photo that was imported', async () => {
    expect(page.url()).toMatch(/^app:\/\/medley\//);
    const photo = page.locator('img[src^="photo://thumbnail/"]').first();
    await photo.waitFor();
    await expect
      .poll(() => photo.evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)))
      .toBeGreaterThan(0);
  });

  it('gives the page the bridge and nothing of Node', async () => {
    const seen = await page.evaluate(() => ({
      bridge: Object.keys(window.medley ?? {}).sort(),
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
    }));
    expect(seen).toEqual({ bridge: ['chooseFolder', 'connect', 'photoUrl'], node: [] });
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
});
