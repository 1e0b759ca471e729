import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakeHub } from '../support/fake-hub.ts';
import { largeFolder } from '../support/large-folder.ts';
import { captioningFiles, matchingFiles } from '../support/official-files.ts';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { openPage } from './support/page.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

const samples = 5;
const screenshots = resolve(import.meta.dirname, '../../out/screenshots');

let hub: FakeHub;
let home: string;
let app: ServedApp;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  if (!haveBrowser) return;
  await mkdir(screenshots, { recursive: true });
  hub = await FakeHub.start();
  hub.put('Salesforce/blip-itm-base-coco', matchingFiles());
  hub.put('Salesforce/blip-image-captioning-base', captioningFiles());
  home = await mkdtemp(join(tmpdir(), 'medley-home-'));
  await cp(resolve(import.meta.dirname, '../fixtures/tiny-model'), join(home, 'my model'), {
    recursive: true,
  });
  await largeFolder(join(home, 'large model'), 2 ** 30);
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  vi.stubEnv('HOME', home);
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  page = await openPage(browser, complaints);
  page.on('request', (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== '127.0.0.1') complaints.push(`asked ${hostname}`);
  });
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await hub?.close();
  vi.unstubAllEnvs();
  if (home !== undefined) await rm(home, { recursive: true, force: true });
});

/** Screenshots of the view in light and dark, in a large and in a small window. */
async function picture(name: string): Promise<void> {
  for (const [width, height] of [
    [1280, 800],
    [800, 600],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      // Without motion nothing is shown half way between two states.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = `${screenshots}/${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
}

const card = (name: string) => page.getByRole('listitem', { name, exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const bar = () => page.getByRole('progressbar', { name: 'Download of blip-itm-base-coco' });
const percent = async () => Number(await bar().getAttribute('aria-valuenow'));

describe.runIf(haveBrowser)('the models in a browser', () => {
  it('lists the model that ships, as the one in use', async () => {
    await page.goto(app.link());
    await page.getByRole('heading', { name: 'Welcome to Medley' }).waitFor();
    await page.getByRole('link', { name: 'Models' }).click();
    await card('starter').getByText('In use', { exact: true }).waitFor();
    await card('starter').getByText('Search and captions').waitFor();
    await page.getByText('The only connection Medley ever makes').waitFor();
    await page.getByText('Running on').waitFor();
    await picture('models-first');
  });

  it('downloads an official model, with its progress, and stops when asked', async () => {
    hub.slow = { bytes: 8000, pauseMs: 40 };
    await button('Download BLIP matching, base').click();
    await expect.poll(percent).toBeGreaterThan(10);
    const words = card('blip-itm-base-coco');
    await words.getByText(/kB of 1\.3 MB · .* a second/).waitFor();
    expect(await bar().getAttribute('aria-valuetext')).toMatch(/of 1\.3 MB/);
    await picture('models-download');
    await button('Stop the download of blip-itm-base-coco').click();
    await words.getByText('Stopped at').waitFor();
    await picture('models-stopped');
  });

  it('goes on where it stopped, also after the page was loaded again', async () => {
    await page.reload();
    await card('blip-itm-base-coco').getByText('Stopped at').waitFor();
    const before = await percent();
    expect(before).toBeGreaterThan(10);
    hub.slow = null;
    hub.requests.length = 0;
    await button('Go on with the download of blip-itm-base-coco').click();
    await page.getByText('blip-itm-base-coco is here and ready to use.').waitFor();
    await card('blip-itm-base-coco').getByText('Ready', { exact: true }).waitFor();
    const stored = hub.requests.filter(({ host }) => host === 'store');
    expect(stored.map(({ headers }) => headers.range)).toEqual([expect.stringMatching(/^bytes=/)]);
    expect(await button('Download BLIP matching, base').count()).toBe(0);
  });

  it('takes search from one official model and captions from another', async () => {
    await button('Use for search: blip-itm-base-coco').click();
    await card('blip-itm-base-coco').getByText('In use for search', { exact: true }).waitFor();
    await card('starter').getByText('In use for captions', { exact: true }).waitFor();
    await button('Download BLIP captions, base').click();
    await button('Use for captions: blip-image-captioning-base').click();
    await card('blip-image-captioning-base').getByText('In use for captions').waitFor();
    await card('blip-itm-base-coco').getByText('In use for search', { exact: true }).waitFor();
    await card('starter').getByText('Ready', { exact: true }).waitFor();
    await page.getByText('Running on').waitFor();
    await picture('models-used');
    await page.evaluate(() => {
      location.hash = '#/welcome';
    });
    await button('Use the samples').click();
    await page.getByText(`${samples} of ${samples} written`).waitFor();
    await page.getByRole('link', { name: 'See your photos' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('boats');
    await page.locator('.search[aria-busy=false]').waitFor();
    await page.getByRole('status').filter({ hasText: /match/i }).first().waitFor();
    const results = page.getByRole('grid', { name: 'Search results' }).getByRole('gridcell');
    await expect.poll(() => results.count()).toBe(samples);
  });

  it('says why a download failed, by keyboard too', async () => {
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('textbox', { name: /Another BLIP/ }).fill('no/such');
    await page.keyboard.press('Enter');
    await card('such').getByText('404').waitFor();
    await picture('models-failed');
    await button('Discard the download of such').focus();
    await page.keyboard.press('Enter');
    await card('such').waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: /Another BLIP/ }).fill('what is this?');
    await page.keyboard.press('Enter');
    await page.getByText('is neither the id of a model').waitFor();
  });

  it('shows all work in one place, where it is stopped, taken up and dismissed', async () => {
    hub.put('someone/slow', captioningFiles());
    hub.slow = { bytes: 8000, pauseMs: 40 };
    const source = page.getByRole('textbox', { name: /Another BLIP/ });
    for (const name of ['no/such', 'someone/slow']) {
      await source.fill(name);
      await page.keyboard.press('Enter');
      await card(name.replace(/^.*\//, '')).waitFor();
    }
    await page.getByRole('link', { name: /^Activity/ }).click();
    await page.getByText(`Up to date: ${samples} photos, ${samples} captions.`).waitFor();
    expect(await page.locator('.view').evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    const [running, failed] = [card('Download of slow'), card('Download of such')];
    await running.getByText(/ of .* a second/).waitFor();
    await failed.getByText('Failed').waitFor();
    await failed.getByText('404').waitFor();
    await page.getByRole('link', { name: 'Activity working' }).waitFor();
    await page.getByRole('link', { name: /^Download of slow · / }).waitFor();
    await picture('activity-tasks');

    await button('Stop: Download of slow').click();
    await running.getByText('Stopped at').waitFor();
    await page.getByRole('link', { name: 'Activity', exact: true }).waitFor();
    await page.reload();
    await running.getByText('Stopped at').waitFor();
    hub.slow = null;
    await button('Go on: Download of slow').click();
    await running.getByText('Done').waitFor();
    await card('Download of blip-itm-base-coco').getByText('Done').waitFor();
    await picture('activity-ended');
    await button('Dismiss: Download of such').click();
    await failed.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Models' }).click();
    await card('slow').getByText('Ready', { exact: true }).waitFor();
    expect(await card('such').count()).toBe(0);
  });

  it('hands the keyboard on when a notice is dismissed', async () => {
    const dismiss = page.getByRole('list', { name: 'Notices' }).getByRole('button');
    await dismiss.last().focus(); // Now none goes by itself.
    for (let left = await dismiss.count(); left > 0; left--) {
      await dismiss.last().focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => dismiss.count()).toBe(left - 1);
      const focused = await page.evaluate(() => document.activeElement?.ariaLabel ?? 'the page');
      expect(focused).toBe(left > 1 ? 'Dismiss' : 'the page');
      expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
    }
  });

  it('adds a folder of the person, checks it and forgets it', async () => {
    await button('Add a folder of this computer').click();
    const dialog = page.getByRole('dialog', { name: 'Choose a model folder' });
    await dialog.getByRole('button', { name: 'my model' }).click();
    const path = dialog.getByRole('textbox', { name: 'Folder' });
    await expect.poll(() => path.inputValue()).toBe(join(home, 'my model'));
    await picture('models-folder');
    await dialog.getByRole('button', { name: 'Use this folder' }).click();
    await card('my model').getByText('Ready', { exact: true }).waitFor();
    await button('Check my model').click();
    await page.getByText('my model is whole').waitFor();
    expect(await button('Check my model').evaluate((own) => own === document.activeElement)).toBe(
      true,
    );
    await button('Remove my model').click();
    const question = page.getByRole('dialog', { name: 'Remove my model?' });
    await question.getByText('stay where they are').waitFor();
    await question.getByRole('button', { name: 'Remove', exact: true }).click();
    await card('my model').waitFor({ state: 'detached' });
  });

  it('shows how far a large folder is read, and stops adding or checking it', async () => {
    const add = async () => {
      await button('Add a folder of this computer').click();
      const dialog = page.getByRole('dialog', { name: 'Choose a model folder' });
      await dialog.getByRole('button', { name: 'large model' }).click();
      await dialog.getByRole('button', { name: 'Use this folder' }).click();
    };
    await add();
    await page.getByRole('progressbar', { name: 'Reading of large model' }).waitFor();
    await card('large model')
      .getByText(/^Reading: \d+\s%/)
      .waitFor();
    await button('Stop adding large model').click();
    await card('large model').waitFor({ state: 'detached' });
    await add();
    await card('large model').getByText('Ready', { exact: true }).waitFor();
    await button('Check large model').click();
    await card('large model')
      .getByText(/^Checking: \d+\s%/)
      .waitFor();
    await button('Stop reading large model').click();
    await button('Check large model').waitFor();
    expect(await page.getByText('large model is whole').count()).toBe(0);
  });

  it('deletes a downloaded model after asking, once another is in use', async () => {
    expect(await button('Remove blip-itm-base-coco').count()).toBe(0);
    await button('Use: starter').click();
    await card('starter').getByText('In use', { exact: true }).waitFor();
    await button('Remove blip-itm-base-coco').click();
    const question = page.getByRole('dialog', { name: 'Remove blip-itm-base-coco?' });
    await question.getByText('are deleted').waitFor();
    await picture('models-remove');
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await button('Remove blip-itm-base-coco').click();
    await question.getByRole('button', { name: 'Delete its files' }).click();
    await card('blip-itm-base-coco').waitFor({ state: 'detached' });
    await button('Download BLIP matching, base').waitFor();
  });

  it('did all this without a complaint, and without the page leaving this machine', () => {
    expect(complaints).toEqual([]);
  });
});
