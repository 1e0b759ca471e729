import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser } from './support/browser.ts';
import { pretendLibrary } from './support/large-library.ts';
import { openApp, type OpenedApp } from './support/opened-app.ts';
import { picture } from './support/picture.ts';

const missing = 3;

let app: OpenedApp;
let page: Page;

beforeAll(async () => {
  if (!haveBrowser) return;
  app = await openApp();
  ({ page } = app);
  await pretendLibrary(page, 40, missing);
  await page.goto(app.link());
  await page.locator('[data-index="0"]').waitFor();
});

afterAll(() => app?.close());

describe.runIf(haveBrowser)('photos whose disk is not connected', () => {
  it('stay in the grid and say so, each of them and once for all', async () => {
    await page.getByText(`${missing} photos not connected`).waitFor();
    const grid = page.getByRole('grid', { name: 'Photos' });
    await expect.poll(() => grid.getByRole('link', { name: /not connected$/ }).count()).toBe(3);
    expect(await grid.getByTitle('Not connected').count()).toBe(missing);
    await picture(page, 'missing');
    expect(app.complaints).toEqual([]);
  });
});
