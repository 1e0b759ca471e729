import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser } from './support/browser.ts';
import { openApp, type OpenedApp } from './support/opened-app.ts';
import { picture } from './support/picture.ts';

const samples = 5;

let app: OpenedApp;
let page: Page;

beforeAll(async () => {
  if (!haveBrowser) return;
  app = await openApp();
  ({ page } = app);
});

afterAll(() => app?.close());

const focusedPhoto = () =>
  page.evaluate(() => {
    const focused = document.activeElement;
    return focused instanceof HTMLElement ? (focused.dataset['index'] ?? null) : null;
  });
const place = () => new URL(page.url()).hash;
const photos = () => page.getByRole('grid', { name: 'Photos' }).getByRole('gridcell');
const results = () => page.getByRole('grid', { name: 'Search results' }).getByRole('gridcell');
const photoView = () => page.getByRole('region', { name: 'Photo' });
const searchBox = () => page.getByRole('combobox', { name: 'Search your photos' });

async function searchIsDone(): Promise<void> {
  await page.locator('.search[aria-busy=false]').waitFor();
  await results().first().waitFor();
}

describe.runIf(haveBrowser)('the interface in a browser', () => {
  it('starts with three steps and imports the samples', async () => {
    await page.goto(app.link());
    await page.getByRole('heading', { name: 'Welcome to Medley' }).waitFor();
    expect(place()).toBe('#/welcome');
    await page.getByText('Nothing leaves this computer').waitFor();
    await page.getByText('Processor (CPU)').waitFor();
    await picture(page, 'welcome');
    await page.getByRole('button', { name: 'Use the samples' }).click();
    await page.getByText(`${samples} of ${samples} written`).waitFor();
    // The samples bring captions along, which are not passed off as the model's.
    for (const origin of ['by the model:', 'from the file:']) {
      const marks = page.locator('.captions .mark').filter({ hasText: origin });
      await expect.poll(() => marks.count()).toBe(samples);
    }
    await page.getByText('First what the model wrote').waitFor();
    await picture(page, 'welcome-captions');
  });

  it('browses folders of this computer where there is no system dialog', async () => {
    await page.getByRole('button', { name: 'Add another folder' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a folder of photos' });
    await dialog.getByText('directly inside').waitFor();
    await dialog.getByRole('button', { name: 'Up one folder' }).first().click();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows every photo in the grid, with its picture', async () => {
    await page.getByRole('link', { name: 'See your photos' }).click();
    await expect.poll(() => photos().count()).toBe(samples);
    await page.waitForFunction((count) => {
      const loaded = [...document.querySelectorAll('img.shown')].filter(
        (image) => image instanceof HTMLImageElement && image.naturalWidth > 0,
      );
      return loaded.length === count;
    }, samples);
    await picture(page, 'photos');
  });

  it('walks the grid by keyboard, opens a photo and comes back to it', async () => {
    await photos().first().getByRole('link').focus();
    await page.keyboard.press('ArrowRight');
    expect(await focusedPhoto()).toBe('1');
    await page.keyboard.press('End');
    await expect.poll(focusedPhoto).toBe(String(samples - 1));
    await page.keyboard.press('Home');
    await expect.poll(focusedPhoto).toBe('0');

    await page.keyboard.press('Enter');
    await photoView().waitFor();
    const first = place();
    await page.keyboard.press('ArrowRight');
    await expect.poll(place).not.toBe(first);
    const information = page.getByRole('complementary', { name: 'Information' });
    await information.getByRole('heading', { name: 'Details' }).waitFor();
    await information.getByText('by the model').first().waitFor();
    await information.getByText(/Samples/).waitFor();
    await page.locator('img.sharp.shown').waitFor();
    await picture(page, 'photo');

    await information.getByRole('button', { name: 'Confirm', exact: true }).first().click();
    const confirmed = information.getByRole('button', { name: 'Confirmed', pressed: true });
    await confirmed.waitFor();
    await page.mouse.move(0, 0);
    await picture(page, 'photo-confirmed');
    await confirmed.click();
    await confirmed.waitFor({ state: 'detached' });

    await page.keyboard.press('i');
    await information.waitFor({ state: 'detached' });
    await page.keyboard.press('i');
    await page.keyboard.press('z');
    await page.getByRole('button', { name: 'Show the whole photo' }).waitFor();
    await page.keyboard.press('Escape');
    await photoView().waitFor({ state: 'detached' });
    expect(place()).toBe('#/');
    await expect.poll(focusedPhoto).toBe('1');
  });

  it('searches by a sentence, keeps it in the address, and goes back', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('boats in a harbour');
    await expect.poll(place).toBe('#/search?q=boats+in+a+harbour');
    await searchIsDone();
    expect(await results().count()).toBe(samples);
    await expect
      .poll(() => page.getByRole('status').allTextContents())
      .toContainEqual(expect.stringMatching(/match\.|matches|nearest/));
    await picture(page, 'search');

    await page.keyboard.press('ArrowDown');
    expect(await focusedPhoto()).toBe('0');
    const best = await results().first().getByRole('link').getAttribute('href');
    await page.keyboard.press('Enter');
    await photoView().waitFor();
    expect(place()).toBe(best);
    await page.getByText('“boats in a harbour”').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(place).toBe('#/search?q=boats+in+a+harbour');
    expect(await searchBox().inputValue()).toBe('boats in a harbour');
    await page.goBack();
    await expect.poll(place).toBe('#/');
    expect(await searchBox().inputValue()).toBe('');
  });

  it('finds photos like one of the library', async () => {
    await photos().first().getByRole('link').click();
    await photoView().waitFor();
    const id = place().replace('#/photo/', '');
    await page.keyboard.press('f');
    await expect.poll(place).toBe(`#/search?like=${id}`);
    await searchIsDone();
    const found = await results()
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(found).toHaveLength(samples - 1);
    expect(found).not.toContain(`#/photo/${id}`);
    await picture(page, 'similar');
  });

  it('finds photos like a picture that is dropped', async () => {
    await page.evaluate(async () => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 64;
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
      const data = new DataTransfer();
      data.items.add(new File([blob ?? ''], 'black.png', { type: 'image/png' }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    });
    await expect.poll(place).toMatch(/^#\/search\?picture=/);
    await searchIsDone();
    expect(await results().count()).toBe(samples);
  });

  it('says what was done and which device runs the model', async () => {
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByText(`Up to date: ${samples} photos, ${samples} captions.`).waitFor();
    await picture(page, 'activity');
    await page.getByRole('link', { name: 'Models' }).click();
    expect(
      await page.getByRole('radio', { name: 'Automatic', exact: false }).getAttribute('role'),
    ).toBe('radio');
    await page.getByText('Running on').waitFor();
    await picture(page, 'models');
  });

  it('calls the button of its sidebar by what that does', async () => {
    await page.getByRole('button', { name: 'Narrow the sidebar' }).click();
    await page.getByRole('button', { name: 'Widen the sidebar' }).click();
    await page.getByRole('button', { name: 'Narrow the sidebar' }).waitFor();
  });

  it('shows its keys', async () => {
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.getByText('Find similar photos').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('did all this without a complaint from the browser', () => {
    expect(app.complaints).toEqual([]);
  });

  it('says calmly when the engine is out of reach, and keeps what it shows', async () => {
    await page.getByRole('link', { name: 'Photos' }).click();
    await expect.poll(() => photos().count()).toBe(samples);
    await app.closeDoor();
    await page.getByText('does not answer').waitFor();
    expect(await photos().count()).toBe(samples);
  });
});
