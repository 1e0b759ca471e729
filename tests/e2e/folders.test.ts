import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser } from './support/browser.ts';
import { chooseFolder } from './support/choose-folder.ts';
import { openApp, type OpenedApp } from './support/opened-app.ts';
import { picture } from './support/picture.ts';

let app: OpenedApp;
let page: Page;
let root: string;
/** Has three photos, of which one is a panorama; and a folder with one. */
let first: string;
let second: string;

beforeAll(async () => {
  if (!haveBrowser) return;
  root = await realpath(await mkdtemp(join(tmpdir(), 'medley-folders-')));
  [first, second] = [join(root, 'Lake'), join(root, 'Quay')];
  await Promise.all([first, second].map((folder) => mkdir(folder)));
  await stripes(join(first, 'a.jpg'), 600, 400);
  await stripes(join(first, 'b.jpg'), 400, 600);
  await stripes(join(first, 'panorama.jpg'), 3000, 300);
  await stripes(join(second, 'c.jpg'), 640, 480);
  app = await openApp();
  ({ page } = app);
  await page.goto(app.link());
});

afterAll(async () => {
  await app?.close();
  await rm(root, { recursive: true, force: true });
});

/** Stripes of 4 pixels, other ones for every size, which a blurred picture has lost. */
async function stripes(path: string, width: number, height: number): Promise<void> {
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const dark = ((at % width) >> 2) % 2 === 0;
    data.fill(dark ? width % 90 : 255 - (height % 90), at * 3, at * 3 + 3);
  }
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toFile(path);
}

const photos = () => page.getByRole('grid', { name: 'Photos' }).getByRole('gridcell');
const entry = (folder: string) => page.getByRole('listitem', { name: basename(folder) });

const goTo = (name: string) => page.getByRole('link', { name, exact: true }).click();

describe.runIf(haveBrowser)('folders of photos', () => {
  it('are taken as they are typed, and said to hold no photos where they do not', async () => {
    const empty = join(root, 'Leer ä');
    await mkdir(empty);
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a folder of photos' });
    await dialog.getByText('directly inside').waitFor();
    const use = dialog.getByRole('button', { name: 'Use this folder' });
    for (const [path, why] of [
      [join(root, 'none'), `There is no folder ${join(root, 'none')}.`],
      [join(first, 'a.jpg'), 'a.jpg is a file. Choose the folder that it lies in.'],
    ]) {
      await dialog.getByRole('textbox', { name: 'Folder' }).fill(path);
      await use.click();
      await dialog.getByRole('alert').filter({ hasText: why }).waitFor();
    }
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(empty);
    await use.click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(`no photo that Medley can show in ${empty}.`).waitFor();
    await picture(page, 'welcome-no-photos');
    await goTo('Photos');
    await page.getByRole('heading', { name: 'No photos found' }).waitFor();
    await goTo('Folders');
    await page.getByRole('button', { name: 'Remove Leer ä' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'No folders yet' }).waitFor();
  });

  it('are added on their page, the first one too', async () => {
    await page.getByRole('button', { name: 'Add folder' }).click();
    await chooseFolder(page, first);
    await entry(first).getByText(first).waitFor();
    await entry(first).getByText('3 photos', { exact: true }).waitFor();
    await entry(first).getByText('Connected', { exact: true }).waitFor();
    await goTo('Photos');
    await photos().nth(2).waitFor();
    expect(await photos().count()).toBe(3);
  });

  it('show a panorama whole, in a row of its own and sharp', async () => {
    const sharp = page.locator('img.sharp.shown');
    await sharp.waitFor();
    const drawn = await sharp.evaluate((image) => {
      const { width, height } = image.getBoundingClientRect();
      return {
        ratio: width / height,
        pixels: image instanceof HTMLImageElement && image.naturalWidth,
        width,
      };
    });
    expect(drawn.ratio).toBeCloseTo(10, 0);
    expect(drawn.pixels).toBeGreaterThanOrEqual(drawn.width);
    await picture(page, 'panorama');
  });

  it('are added beside the photos, too', async () => {
    await page.getByRole('button', { name: 'Add folder' }).click();
    await chooseFolder(page, second);
    await page.getByText('Quay was added').waitFor();
    await photos().nth(3).waitFor();
  });

  it('are looked through again for what is new', async () => {
    await stripes(join(second, 'd.jpg'), 480, 640);
    await goTo('Folders');
    await entry(second).waitFor();
    await picture(page, 'folders');
    await page.getByRole('button', { name: 'Rescan Quay' }).click();
    await page.getByText('Looking through Quay').waitFor();
    await page.getByText('Medley shows 5 photos').waitFor();
    await entry(second).getByText('2 photos', { exact: true }).waitFor();
    await entry(second).getByText('1 photo new.').waitFor();
    await page.getByRole('button', { name: 'Rescan Quay' }).click();
    await entry(second).getByText('no photo is new, changed or gone').waitFor();
    await picture(page, 'folder-nothing-new');
  });

  it('are read to the last byte when a person says so', async () => {
    await page.getByRole('button', { name: 'Check every byte of Quay' }).click();
    const dialog = page.getByRole('dialog', { name: 'Check every byte of Quay?' });
    await picture(page, 'check-every-byte');
    await dialog.getByRole('button', { name: 'Check every byte' }).click();
    await page.getByText('Reading every file of Quay').waitFor();
  });

  it('are removed once a person has agreed, and come back with their photos', async () => {
    await page.getByRole('button', { name: 'Remove Quay' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove Quay from the library?' });
    await dialog.getByText('The files stay where they are').waitFor();
    await picture(page, 'remove-folder');
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await page.getByText('Medley shows 5 photos').waitFor();

    await page.getByRole('button', { name: 'Remove Quay' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Medley shows 3 photos').waitFor();
    expect(await entry(second).count()).toBe(0);
    await page.getByRole('button', { name: 'Add folder' }).click();
    await chooseFolder(page, second);
    await page.getByText('Medley shows 5 photos').waitFor();
  });

  it('say so when they are not there', async () => {
    await rm(second, { recursive: true });
    await page.getByRole('button', { name: 'Rescan all' }).click();
    await entry(second).getByText('Not connected').waitFor();
    expect(await entry(first).getByText('Not connected').count()).toBe(0);
    await picture(page, 'folder-not-connected');
  });

  it('cannot be dropped on a browser, which says what to do instead', async () => {
    const devtools = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      const data = { items: [], files: [first], dragOperationsMask: 1 };
      await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
    }
    await page.getByText('A browser does not tell where a dropped folder lies.').waitFor();
    await picture(page, 'folder-dropped');
  });

  it('did all this without a complaint from the browser', () => {
    expect(app.complaints).toEqual([]);
  });
});
