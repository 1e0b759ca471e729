import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { openPage } from './support/page.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';
import { violations } from './support/violations.ts';

let app: ServedApp;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!haveBrowser) return;
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  page = await openPage(browser, []);
  await page.goto(app.link());
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const goTo = (name: string) => page.getByRole('link', { name, exact: true }).click();
const heading = (name: string) => page.getByRole('heading', { name }).first().waitFor();

describe.runIf(haveBrowser)('axe finds nothing wrong with', () => {
  it('the welcome', async () => {
    await heading('Welcome to Medley');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Use the samples' }).click();
    await page.getByText('5 of 5 written').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('the photos', async () => {
    await page.getByRole('link', { name: 'See your photos' }).click();
    await page.getByRole('grid', { name: 'Photos' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('a photo, whose texts are being written, suggested and looked back on', async () => {
    await page.getByRole('grid', { name: 'Photos' }).getByRole('link').first().click();
    const panel = page.getByRole('complementary', { name: 'Information' });
    await panel.getByRole('heading', { name: 'Details' }).waitFor();
    await page.locator('img.sharp.shown').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('e');
    await panel.getByRole('button', { name: 'Suggest: alt text' }).click();
    await panel
      .getByRole('button', { name: /^Use: / })
      .first()
      .waitFor();
    await panel.getByText('History').click();
    await panel.getByRole('listitem').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await panel.getByRole('textbox', { name: 'Caption' }).fill('A quay');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
  });

  it('the search, empty and with results', async () => {
    await goTo('Search');
    await heading('Say what is in the picture');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('/');
    await page.keyboard.type('boats in a harbour');
    await page.locator('.search[aria-busy=false]').waitFor();
    await page.getByRole('grid', { name: 'Search results' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('the review desk and what it asks', async () => {
    await goTo('Check captions');
    // The samples' own words: some do not fit at the strictest.
    await page.getByRole('button', { name: 'How strict…' }).click();
    await page.getByRole('slider', { name: 'How strict' }).press('End');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await heading('Proposals');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Caption' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Accept many…' }).click();
    await page.getByRole('slider', { name: 'How sure' }).press('Home');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Caption' }).fill('A quay');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Write to files…' }).first().click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('the folders, and the question about one', async () => {
    await goTo('Folders');
    await heading('Folders');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByText('directly inside').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('the models', async () => {
    await goTo('Models');
    await heading('Models');
    await page.getByText('In use', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('the activity', async () => {
    await goTo('Activity');
    await heading('Activity');
    expect(await violations(page)).toEqual([]);
  });

  it('the keys', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
