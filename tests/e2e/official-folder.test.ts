import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readReference, type Reference } from '#main/evaluation/reference.ts';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { openPage } from './support/page.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

/** Official layouts with random weights, and what transformers makes of photos with them. */
const official = resolve(import.meta.dirname, '../fixtures/official');
const roles = ['captioning', 'matching'] as const;
type Role = (typeof roles)[number];

let home: string;
let references: Record<Role, Reference>;
let app: ServedApp;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

/** A fresh folder for each model as a download leaves it, and one of all the photos. */
beforeAll(async () => {
  if (!haveBrowser) return;
  home = await mkdtemp(join(tmpdir(), 'medley-home-'));
  await mkdir(join(home, 'photos'));
  for (const role of roles) {
    const [from, to] = [join(official, role), join(home, `blip-${role}`)];
    await mkdir(to);
    for (const entry of await readdir(from, { withFileTypes: true })) {
      if (entry.isFile()) await copyFile(join(from, entry.name), join(to, entry.name));
    }
    for (const photo of await photosOf(role)) {
      await copyFile(join(from, 'reference', photo), join(home, 'photos', `${role} ${photo}`));
    }
  }
  const [captioning, matching] = await Promise.all(
    roles.map((role) => readReference(join(official, role))),
  );
  references = { captioning, matching };
  vi.stubEnv('HOME', home);
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  page = await openPage(browser, complaints);
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
  vi.unstubAllEnvs();
  if (home !== undefined) await rm(home, { recursive: true, force: true });
});

async function photosOf(role: Role): Promise<string[]> {
  return (await readdir(join(official, role, 'reference'))).filter((name) => name.endsWith('.png'));
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const card = (name: string) => page.getByRole('listitem', { name, exact: true });
const panel = () => page.getByRole('complementary', { name: 'Information' });

async function chooseFolder(title: string, folder: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(join(home, folder));
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Use this folder' }).click();
}

/** Leafs through photos from the first one on, and takes down what the panel says of each. */
async function leafThrough(first: () => Promise<void>): Promise<Map<string, string[]>> {
  await first();
  const said = new Map<string, string[]>();
  for (let at = 0; at < 6; at++) {
    if (at > 0) await page.keyboard.press('ArrowRight');
    await expect.poll(async () => said.has(await fileName())).toBe(false);
    said.set(
      await fileName(),
      (await panel().innerText()).split('\n').filter((line) => line !== ''),
    );
  }
  await page.keyboard.press('Escape');
  await panel().waitFor({ state: 'detached' });
  return said;
}

const fileName = async () =>
  basename(
    (await panel()
      .getByText(/\.png$/)
      .textContent()) ?? '',
  );

/** Pieces of words put together again as BERT's are, without the special ones. */
function textOf(tokens: readonly number[], vocabulary: readonly string[]): string {
  const pieces = tokens
    .map((token) => vocabulary[token])
    .filter((piece) => !/^\[.*\]$/.test(piece));
  return pieces.join(' ').replaceAll(' ##', '');
}

describe.runIf(haveBrowser)('folders laid out like an official download', () => {
  it('are added and used through the interface', async () => {
    await page.goto(app.link());
    await button('Choose a folder').click();
    await chooseFolder('Choose a folder of photos', 'photos');
    await page.getByText('6 of 6 written').waitFor();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    for (const role of roles) {
      await button('Add a folder of this computer').click();
      await chooseFolder('Choose a model folder', `blip-${role}`);
      await card(`blip-${role}`).getByText('Ready', { exact: true }).waitFor();
    }
    await button('Use for captions: blip-captioning').click();
    await card('blip-captioning').getByText('In use for captions', { exact: true }).waitFor();
    await button('Use for search: blip-matching').click();
    await card('blip-matching').getByText('In use for search', { exact: true }).waitFor();
    await card('starter').getByText('Ready', { exact: true }).waitFor();
  });

  it('write the captions that transformers writes', async () => {
    await page.getByRole('link', { name: 'Photos', exact: true }).click();
    const vocabulary = (await readFile(join(official, 'captioning/vocab.txt'), 'utf8')).split('\n');
    const { captions, photos } = references.captioning;
    const beam = captions.find(
      ({ method, prompt, minLength }) => method === 'beam' && prompt !== '' && minLength === 5,
    );
    const expected = photos.map((photo, at) => [
      `captioning ${photo}`,
      textOf(beam?.tokens[at] ?? [], vocabulary),
    ]);
    const written = async () => {
      const said = await leafThrough(() => page.getByRole('gridcell').first().click());
      return expected.map(([name]) => [name, said.get(name ?? '')?.[1]]);
    };
    await expect.poll(written, { timeout: 40_000, interval: 500 }).toEqual(expected);
  });

  it('find and judge photos as transformers does', async () => {
    const { texts, photos, outputs } = references.matching;
    for (const [at, text] of texts.entries()) {
      await page.getByRole('combobox', { name: 'Search your photos' }).fill(text);
      await page.waitForURL((url) => url.hash.includes(`q=${text.replaceAll(' ', '+')}`));
      await page.locator('.search[aria-busy=false]').waitFor();
      const results = page.getByRole('grid', { name: 'Search results' }).getByRole('gridcell');
      await expect.poll(() => results.count()).toBe(6);
      const said = await leafThrough(() => results.first().click());
      for (const [row, photo] of photos.entries()) {
        const cell = row * texts.length + at;
        const [no, yes] = outputs.get('itm_enc')?.subarray(2 * cell) ?? [];
        // The best of several photos is a good match more often by chance (docs/search.md).
        const chance = 0.5 * Math.log(6);
        const probability = 1 / (1 + Math.exp((no ?? NaN) - (yes ?? NaN) + chance));
        const lines = said.get(`matching ${photo}`) ?? [];
        const search = lines.slice(lines.indexOf(`“${text}”`));
        expect(search[1], photo).toContain(` ${Math.round(probability * 100)}\u00a0%`);
        const cosine = outputs.get('cosines')?.[cell] ?? NaN;
        expect(search[2], photo).toContain(`Similarity ${cosine.toFixed(3)} `);
      }
    }
  });

  it('can be left again for the model that ships, one role after the other', async () => {
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await button('Use: starter').click();
    await card('starter').getByText('In use', { exact: true }).waitFor();
    await button('Use for search: blip-matching').click();
    await card('starter').getByText('In use for captions', { exact: true }).waitFor();
    await button('Use for search: starter').click();
    await card('starter').getByText('In use', { exact: true }).waitFor();
  });

  it('did all this without a complaint', () => {
    expect(complaints).toEqual([]);
  });
});
