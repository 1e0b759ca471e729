import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser } from '#main/cli/open-browser.ts';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { openPage } from './support/page.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

const samples = 5;
const screenshots = resolve(import.meta.dirname, '../../out/screenshots');

let app: ServedApp;
let browser: Browser;
let folder: string;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  if (!haveBrowser) return;
  await mkdir(screenshots, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'medley-coming-back-'));
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  page = await openPage(browser, complaints);
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
  if (haveBrowser) await rm(folder, { recursive: true });
});

/** A screenshot in light and in dark. */
async function picture(of: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await of.emulateMedia({ colorScheme });
    await of.screenshot({ path: `${screenshots}/${name}-${colorScheme}.png` });
  }
  await of.emulateMedia({ colorScheme: 'light' });
}

/** The page that the browser would be started with, as a program of the system gets it. */
async function pageForBrowser(url: string): Promise<string> {
  const told = join(folder, 'told.txt');
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\necho "$@" > '${told}'\n`);
  await chmod(join(folder, 'xdg-open'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  vi.stubEnv('HOME', folder);
  await openBrowser(url, 'linux');
  vi.unstubAllEnvs();
  await expect.poll(() => readFile(told, 'utf8').catch(() => '')).toMatch(/\n$/);
  return (await readFile(told, 'utf8')).trim();
}

const photosOf = (of: Page) => of.getByRole('grid', { name: 'Photos' }).getByRole('gridcell');
const resultsOf = (of: Page) =>
  of.getByRole('grid', { name: 'Search results' }).getByRole('gridcell');

async function searchFor(of: Page, text: string): Promise<void> {
  await of.keyboard.press('/');
  await of.keyboard.type(text);
}

async function found(of: Page): Promise<number> {
  await of.locator('.search[aria-busy=false]').waitFor();
  await resultsOf(of).first().waitFor();
  return resultsOf(of).count();
}

describe.runIf(haveBrowser)('Medley in a browser', () => {
  it('is opened by a page that leads to it', async () => {
    await page.goto(`file://${await pageForBrowser(app.link())}`);
    await page.getByRole('heading', { name: 'Welcome to Medley' }).waitFor();
    expect(page.url()).not.toContain('token');
    await page.getByRole('button', { name: 'Use the samples' }).click();
    await page.getByText(`${samples} of ${samples} written`).waitFor();
    await page.getByRole('link', { name: 'See your photos' }).click();
    await expect.poll(() => photosOf(page).count()).toBe(samples);
  });

  it('searches in two tabs at once, each for itself', async () => {
    const other = await page.context().newPage();
    await other.goto(new URL('/', page.url()).href);
    await photosOf(other).first().waitFor();
    await Promise.all([searchFor(page, 'boats in a harbour'), searchFor(other, 'a red flower')]);
    expect(await Promise.all([found(page), found(other)])).toEqual([samples, samples]);
    for (const each of [page, other]) {
      expect(await each.getByText('did not finish').count()).toBe(0);
    }
    await picture(page, 'two-tabs-first');
    await picture(other, 'two-tabs-second');
    await other.close();
  });

  it('takes an open tab back after a restart, with what it was searching for', async () => {
    expect(complaints).toEqual([]);
    await page.getByRole('link', { name: 'Photos' }).click();
    await app.closeDoor();
    await page.getByText('does not answer').waitFor();
    await searchFor(page, 'a red flower');
    await page.getByText('Searching…').waitFor();
    await picture(page, 'engine-away');
    await app.reopenDoor();
    expect(await found(page)).toBe(samples);
    expect(await page.getByText('does not answer').count()).toBe(0);

    await page.reload();
    expect(await found(page)).toBe(samples);
    await page.waitForFunction(
      (count) => document.querySelectorAll('img.shown').length === count,
      samples,
    );
    await picture(page, 'engine-back');
  });

  it('says plainly how to sign in where there is no session', async () => {
    const stranger = await openPage(browser, []);
    await stranger.goto(new URL('/', page.url()).href);
    await stranger.getByRole('heading', { name: 'This browser is not signed in' }).waitFor();
    await stranger.getByText('which works once, in one browser').waitFor();
    const styled = await stranger.evaluate(
      () => getComputedStyle(document.querySelector('main') ?? document.body).borderRadius,
    );
    expect(styled).toBe('8px');
    await picture(stranger, 'sign-in');
    await stranger.setViewportSize({ width: 400, height: 600 });
    await picture(stranger, 'sign-in-narrow');
    await stranger.context().close();
  });
});
