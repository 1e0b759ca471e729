import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeJpeg } from '../support/photo-folder.ts';
import { haveBrowser } from './support/browser.ts';
import { chooseFolder } from './support/choose-folder.ts';
import { openApp, type OpenedApp } from './support/opened-app.ts';
import { picture } from './support/picture.ts';
import { violations } from './support/violations.ts';

const photographs = resolve(import.meta.dirname, '../fixtures/parity');
/** Boats in a harbour. */
const boats = 4;
/** Photographs, every fourth by a Canon and in 2019, the others by a Nikon a year later. */
const real = 32;
/** Coloured patches of 2005, by no camera: together more than fit on a page of results. */
const patches = 40;

let root: string;
let app: OpenedApp;
let page: Page;

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder);
  for (let at = 0; at < real; at++) {
    const canon = at % 4 === 0;
    const day = String(1 + (at % 28)).padStart(2, '0');
    const jpeg = await sharp(join(photographs, `${String(at).padStart(2, '0')}.jpg`))
      .withExif({
        IFD0: {
          Model: canon ? 'Canon EOS R5' : 'NIKON Z 6',
          ...(at === boats ? { ImageDescription: 'Aunt Marie in Nagasaki' } : {}),
        },
        IFD2: { DateTimeOriginal: `${canon ? 2019 : 2020}:07:${day} 12:00:00` },
      })
      .toBuffer();
    await writeFile(join(folder, `photograph ${at}.jpg`), jpeg);
  }
  const exif = { IFD2: { DateTimeOriginal: '2005:01:01 12:00:00' } };
  for (let at = 0; at < patches; at++) {
    const jpeg = await sharp(await makeJpeg(at))
      .withExif(exif)
      .toBuffer();
    await writeFile(join(folder, `patches ${at}.jpg`), jpeg);
  }
}

beforeAll(async () => {
  if (!haveBrowser) return;
  root = await mkdtemp(join(tmpdir(), 'medley-search-'));
  const folder = join(root, 'Holidays');
  [app] = await Promise.all([openApp(), makeFolder(folder)]);
  ({ page } = app);
  await page.goto(app.link());
  await page.getByRole('link', { name: 'Folders', exact: true }).click();
  await page.getByRole('button', { name: 'Add folder' }).click();
  await chooseFolder(page, folder);
  await page.getByRole('link', { name: /^Activity/ }).click();
  const all = real + patches;
  await page.getByText(`Up to date: ${all} photos, ${all} captions.`).waitFor({ timeout: 110_000 });
});

afterAll(async () => {
  await app?.close();
  if (root !== undefined) await rm(root, { recursive: true, force: true });
});

const box = () => page.getByRole('combobox', { name: 'Search your photos' });
const results = () => page.getByRole('grid', { name: 'Search results' }).getByRole('gridcell');
const chips = () => page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
const options = () => page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
const status = () => page.locator('.search').getByRole('status');
const place = () =>
  new URLSearchParams(new URL(page.url()).hash.split('?').slice(1).join('?')).get('q');

async function searchFor(text: string): Promise<void> {
  await box().fill(text);
  await page.keyboard.press('Enter');
  await expect.poll(place).toBe(text);
  await page.locator('.search[aria-busy=false]').waitFor();
}

/** The file of the first result, as its photo view names it. */
async function firstFile(): Promise<string> {
  await results().first().getByRole('link').click();
  const panel = page.getByRole('complementary', { name: 'Information' });
  const path = await panel
    .getByText(/\.jpg$/)
    .first()
    .textContent();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  return path?.trim() ?? '';
}

/** Where the results lie on the page, in order, once they are at rest. */
async function boxes(): Promise<DOMRect[]> {
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
  );
  return await results().evaluateAll((cells) => {
    const indexOf = (cell: Element) =>
      Number(cell.querySelector('[data-index]')?.getAttribute('data-index'));
    const inOrder = cells.toSorted((a, b) => indexOf(a) - indexOf(b));
    return inOrder.map((cell) => cell.getBoundingClientRect());
  });
}

describe.runIf(haveBrowser)('a search', () => {
  it('by a sentence says what matches, and why under each photo', async () => {
    await searchFor('boats in a harbour');
    expect(await status().textContent()).toMatch(/\d+ photos? match(es)?\./);
    const first = results().first();
    await first.getByText('fits', { exact: true }).waitFor();
    await first.getByText(/nearest/).waitFor();
    expect(await firstFile()).toMatch(new RegExp(`photograph ${boats}.jpg$`));
    await picture(page, 'search-sentence');
    expect(await violations(page)).toEqual([]);
  });

  it('by exact words finds them in what a person wrote, and shows where', async () => {
    await searchFor('"aunt marie"');
    expect(await results().count()).toBe(1);
    expect(await status().textContent()).toMatch(/^\s*1 photo matches\./);
    expect((await results().locator('mark').allTextContents()).join(' ')).toBe('Aunt Marie');
    expect(await firstFile()).toMatch(new RegExp(`photograph ${boats}.jpg$`));
  });

  it('leaves out what is not wanted', async () => {
    await searchFor('boats -"Aunt Marie"');
    expect(await chips().allTextContents()).toEqual(['Not the words “Aunt Marie”']);
    expect(await firstFile()).not.toMatch(new RegExp(`photograph ${boats}.jpg$`));
  });

  it('is completed by keyboard, field and value', async () => {
    await box().fill('');
    await box().pressSequentially('cam');
    await expect.poll(() => options().count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await box().inputValue()).toBe('camera:');
    await options().getByText('Canon EOS R5').waitFor();
    expect(await options().allTextContents()).toEqual(['NIKON Z 624', 'Canon EOS R58']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await box().getAttribute('aria-activedescendant')).toBe(
      await options().nth(1).getAttribute('id'),
    );
    await picture(page, 'search-completion');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await box().inputValue()).toBe('camera:"Canon EOS R5" ');
    await expect.poll(() => results().count()).toBe(real / 4);
    expect(await status().textContent()).toMatch(/8 photos match\./);
    // Nothing is offered over the results that is written already.
    await box().fill('');
    await box().pressSequentially('camera:"Canon EOS R');
    await expect.poll(() => options().count()).toBe(1);
    await box().pressSequentially('5"');
    await expect.poll(() => options().count()).toBe(0);
  });

  it('of something that has no word is not offered again', async () => {
    await searchFor('🐕‍🦺');
    await page.getByRole('heading', { name: 'There is nothing to look for in this' }).waitFor();
    await page.getByText('Say in a few words what the photo shows.').waitFor();
    expect(await page.getByRole('button', { name: 'Search again' }).count()).toBe(0);
  });

  it('loses a filter by keyboard', async () => {
    await searchFor('camera:"Canon EOS R5" date:2019-07-01 keyword:');
    expect(await results().count()).toBe(2);
    expect(await chips().allTextContents()).toEqual([
      'Camera: Canon EOS R5',
      'Taken: 2019-07-01',
      'keyword: Write what to look for right after the colon, as keyword:"New York".',
    ]);
    await picture(page, 'search-chips');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove: Taken' }).focus();
    await page.keyboard.press('Delete');
    await expect.poll(place).toBe('camera:"Canon EOS R5" keyword:');
    expect(await box().inputValue()).toBe('camera:"Canon EOS R5" keyword:');
    await expect.poll(() => results().count()).toBe(real / 4);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Remove: keyword:',
    );
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Say what is in the picture' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe(
      'combobox',
    );
  });

  it('says so when nothing matches', async () => {
    await searchFor('asdfgh qwerty');
    await status().getByText('Nothing matches “asdfgh qwerty”.').waitFor();
    await picture(page, 'search-nothing');
    expect(await violations(page)).toEqual([]);
  });

  it('refuses what asks for nothing, and says why', async () => {
    for (const text of ['?!', 'date:banana', '""']) {
      await searchFor(text);
      await page.getByRole('heading', { name: 'There is nothing to look for in this' }).waitFor();
    }
    await searchFor('date:banana');
    await chips().getByText('“banana” is no date').waitFor();
    await picture(page, 'search-refused');
  });

  it('lists what was found by date on demand', async () => {
    await searchFor('boats in a harbour');
    expect(await firstFile()).toMatch(new RegExp(`photograph ${boats}.jpg$`));
    await page.getByRole('button', { name: 'Date', exact: true }).click();
    await expect.poll(() => page.url()).toContain('sort=date');
    await page.locator('.search[aria-busy=false]').waitFor();
    // That one is of 2019, and others that show boats are of 2020.
    expect(Number(/(\d+)\.jpg$/.exec(await firstFile())?.[1]) % 4).not.toBe(0);
    expect(await status().textContent()).toMatch(/\d+ photos match\./);
    await page.getByRole('button', { name: 'Relevance', exact: true }).click();
    await expect.poll(() => page.url()).not.toContain('sort=');
  });

  it('shows photos in rows, none over another, in any order', async () => {
    for (const order of ['Date', 'Relevance']) {
      await searchFor('boats in a harbour');
      await page.getByRole('button', { name: order, exact: true }).click();
      await page.locator('.search[aria-busy=false]').waitFor();
      const all = await boxes();
      const sheet = await page.getByRole('grid', { name: 'Search results' }).boundingBox();
      if (sheet === null) throw new Error('There are no results.');
      expect(all.length).toBeGreaterThan(4);
      for (const [i, one] of all.entries()) {
        expect(one.left).toBeGreaterThanOrEqual(sheet.x);
        expect(one.right).toBeLessThanOrEqual(sheet.x + sheet.width);
        const next = all[i + 1];
        if (next === undefined) continue;
        const beside = next.top === one.top && next.left >= one.right;
        const below = next.top >= one.bottom && next.left < one.right;
        expect(beside || below).toBe(true);
      }
    }
  });

  it('begins with a key, and of keys that come at once with the first and the last', async () => {
    await searchFor('boats');
    await page.evaluate(() => {
      const asked: string[] = [];
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (data) {
        const { method, params } = JSON.parse(String(data));
        if (method === 'search/run') asked.push(params.query.text);
        send.call(this, data);
      };
      Object.assign(window, { asked });
    });
    await box().evaluate((input: HTMLInputElement) => {
      for (const text of ['b', 'br', 'bri', 'brid', 'bridge']) {
        input.value = text;
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }
    });
    await expect.poll(place).toBe('bridge');
    await page.locator('.search[aria-busy=false]').waitFor();
    expect(await page.evaluate('asked')).toEqual(['b', 'bridge']);
  });

  it('goes on at the end of the list, as far as there is something', async () => {
    await searchFor('date:2005..2020');
    expect(await status().textContent()).toMatch(/72 photos match\./);
    // Of 2020 the last in July, of those that are not by the Canon: number 27.
    expect(await firstFile()).toMatch(/photograph 27\.jpg$/);
    await results().first().getByRole('link').focus();
    for (let round = 0; round < 3; round++) {
      await page.keyboard.press('End');
      await page.locator('.search[aria-busy=false]').waitFor();
    }
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe(String(real + patches - 1));
    expect(await page.getByRole('button', { name: 'Show more photos' }).count()).toBe(0);
  });

  it('did all this without a complaint from the browser', () => {
    expect(app.complaints).toEqual([]);
  });
});
