import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { pretendLibrary } from './support/large-library.ts';
import { openPage } from './support/page.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

const missing = 3;
const screenshots = resolve(import.meta.dirname, '../../out/screenshots');

let app: ServedApp;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  if (!haveBrowser) return;
  await mkdir(screenshots, { recursive: true });
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  page = await openPage(browser, complaints);
  await pretendLibrary(page, 40, missing);
  await page.goto(app.link());
  await page.locator('[data-index="0"]').waitFor();
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

describe.runIf(haveBrowser)('photos whose disk is not connected', () => {
  it('stay in the grid and say so, each of them and once for all', async () => {
    await page.getByText(`${missing} photos not connected`).waitFor();
    const grid = page.getByRole('grid', { name: 'Photos' });
    await expect.poll(() => grid.getByRole('link', { name: /not connected$/ }).count()).toBe(3);
    expect(await grid.getByTitle('Not connected').count()).toBe(missing);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${screenshots}/missing-${colorScheme}.png` });
    }
    expect(complaints).toEqual([]);
  });
});
