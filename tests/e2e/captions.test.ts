import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { openPage } from './support/page.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

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
  await page.goto(app.link());
  await page.getByRole('button', { name: 'Use the samples' }).click();
  await page.getByText('5 of 5 written').waitFor();
  await page.getByRole('link', { name: 'See your photos' }).click();
  await page.getByRole('grid', { name: 'Photos' }).getByRole('link').first().click();
  await page.getByRole('region', { name: 'Photo' }).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

async function picture(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(() => document.getAnimations().length === 0);
    await page.screenshot({ path: `${screenshots}/${name}-${colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

const information = () => page.getByRole('complementary', { name: 'Information' });
const section = (name: 'Caption' | 'Alt text') =>
  information().getByRole('region', { name: new RegExp(`^${name}s?$`) });
const sources = (name: 'Caption' | 'Alt text') => section(name).locator('.source');
const texts = (name: 'Caption' | 'Alt text') =>
  section(name).getByRole('article').locator('.text').allTextContents();

describe.runIf(haveBrowser)('captions in the photo view', () => {
  /** What is said of the photo before anybody changes it. */
  let said: string[] = [];

  it('are corrected by keyboard, and had back', async () => {
    await sources('Caption').getByText('by the model').last().waitFor();
    said = await texts('Caption');
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Caption' }).fill('Two boats at the quay');
    await picture('photo-writing');
    await page.keyboard.press('Enter');
    await expect.poll(() => texts('Caption')).toEqual(['Two boats at the quay', ...said.slice(1)]);
    expect(await sources('Caption').first().textContent()).toContain('written by you');
    await expect
      .poll(() => page.getByRole('region', { name: 'Photo' }).locator('header p').textContent())
      .toBe('Two boats at the quay');
    // A person's own words are scored like any other.
    await section('Caption').getByRole('article').first().locator('.match').waitFor();

    await page.keyboard.press('Control+z');
    await expect.poll(() => texts('Caption')).toEqual(said);
  });

  it('are left as they were with Escape, which does not close the photo', async () => {
    await page.keyboard.press('e');
    await page.keyboard.type('never mind');
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Caption' }).waitFor({ state: 'detached' });
    expect(await texts('Caption')).toEqual(said);
  });

  it('are erased, and had back with the button of the notice', async () => {
    const erase = section('Caption').getByRole('button', { name: 'Erase this caption' });
    await erase.first().click();
    await expect.poll(() => erase.count()).toBe(said.length - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => texts('Caption')).toEqual(said);
  });

  it('are suggested by the model, each with its match, and taken as its words', async () => {
    await section('Alt text').getByRole('button', { name: 'Suggest: alt text' }).click();
    const use = section('Alt text').getByRole('button', { name: /^Use: / });
    await use.first().waitFor();
    await picture('photo-suggestions');
    const text = (await use.first().getAttribute('aria-label'))?.replace('Use: ', '') ?? '';
    await use.first().click();
    await expect.poll(() => texts('Alt text')).toEqual([text]);
    expect(await sources('Alt text').textContent()).toContain('by the model, confirmed');
    expect(await texts('Caption')).toEqual(said);

    await section('Alt text').getByRole('button', { name: 'Decorative' }).click();
    await section('Alt text').getByText('Decorative: screen readers').waitFor();
  });

  it('have a history from which they are used again', async () => {
    await information().getByText('History').click();
    const events = information().locator('.history li');
    await expect
      .poll(() => events.allTextContents())
      .toContainEqual(expect.stringMatching(/^You wrote: Two boats at the quay/));
    await picture('photo-history');
    await information().getByRole('button', { name: 'Use again: Two boats at the quay' }).click();
    await expect.poll(() => texts('Caption')).toEqual(['Two boats at the quay', ...said]);
  });

  it('leaves the browser nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
