import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readPixels } from '#main/cli/photo-pixels.ts';
import { trainingFile, type TrainingFile } from '#main/engine/training/training-file.ts';
import { writeJsonFile } from '#main/files/json-file.ts';
import { loadModel } from '#main/med/model/load.ts';
import { recipeFor } from '#main/training/recipe.ts';
import { seededRandom } from '../support/photo-folder.ts';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { openPage } from './support/page.ts';
import { picture } from './support/picture.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

const tiny = resolve(import.meta.dirname, '../fixtures/tiny-lite-model');
const count = 100;
const kinds = [
  { caption: 'big cat', colour: [220, 40, 40] },
  { caption: 'red sofa', colour: [40, 200, 40] },
  { caption: 'two men', colour: [40, 40, 220] },
  { caption: 'blue sea', colour: [230, 220, 40] },
  { caption: 'one dog', colour: [230, 230, 230] },
] as const;
/** How far numbers of two decoders of a photo may be apart. */
const near = 1e-3;
/** How long a busy machine may take. */
const soon = { timeout: 30_000, interval: 100 };

let app: ServedApp;
let browser: Browser;
let page: Page;
let photos: string;
let library: string;
let files: readonly string[];
const complaints: string[] = [];
/** Cosines of the first photo with every one, by file, by each of the two models. */
let base: ReadonlyMap<string, number>;
let trained: ReadonlyMap<string, number>;

/** Photos of five colours, each with noise of its own. */
async function makePhotos(): Promise<string[]> {
  const random = seededRandom(3);
  const made = Array.from({ length: count }, (_, i) => join(photos, `photo ${i}.jpg`));
  for (const [i, file] of made.entries()) {
    const { colour } = kinds[i % kinds.length];
    const pixels = Uint8Array.from(
      { length: 12 * 9 * 3 },
      (_, k) => colour[k % 3] * (0.8 + 0.2 * random()),
    );
    const image = sharp(pixels, { raw: { width: 12, height: 9, channels: 3 } });
    await image.resize(160, 120, { kernel: 'cubic' }).jpeg().toFile(file);
  }
  return made;
}

/** A training that was put down before its first step, with a rate at which so small a model learns. */
function putDown(): TrainingFile {
  const recipe = recipeFor('retrieval', 'text', { batch: 16, epochs: 20, rate: 3e-3 });
  const taught = files.map((file, i) => ({ file, captions: [kinds[i % kinds.length].caption] }));
  return {
    state: 'paused',
    error: null,
    job: { modelFolder: tiny, modelName: 'tiny-lite-model', device: 'cpu', recipe, photos: taught },
    report: {
      goal: 'retrieval',
      imageBlocks: 0,
      stage: 'features',
      photos: count,
      captions: count,
      unreadable: 0,
      losses: [],
      epochs: [],
      outcome: null,
    },
  };
}

/** How near a model finds every photo to the first one, worked out beside the app. */
async function cosinesBy(folder: string): Promise<Map<string, number>> {
  const model = await loadModel({ folder, device: 'cpu' });
  const pixels = await Promise.all(files.map((file) => readPixels(model, file)));
  const images = await model.embedImages(pixels);
  await model.dispose();
  const [{ embedding: first }] = images;
  return new Map(
    images.map(({ embedding }, i) => {
      const cosine = embedding.reduce((sum, value, k) => sum + value * first[k], 0);
      return [basename(files[i]), cosine];
    }),
  );
}

/**
 * The same as a search finds it: the model in use embeds the first photo anew, and compares it with the
 * vectors that are kept.
 */
async function found(): Promise<Map<string, number>> {
  const query = { kind: 'image', base64: await readFile(files[0], 'base64') } as const;
  const options = { limit: count, shortlist: count, sort: 'relevance' } as const;
  const { results } = await app.invoke('search/run', { query, ...options });
  return new Map(results.map(({ file, itc }) => [basename(file), itc ?? NaN]));
}

function isBy(model: ReadonlyMap<string, number>, cosines: ReadonlyMap<string, number>): boolean {
  const isNear = ([file, value]: [string, number]) =>
    Math.abs(value - (cosines.get(file) ?? NaN)) < near;
  return cosines.size === count && [...model].every(isNear);
}

/** Searches again and again until a change is over; gives what each search found. */
async function searchedDuring(change: () => Promise<void>): Promise<Map<string, number>[]> {
  const all: Map<string, number>[] = [];
  const over = change().then(() => true);
  // A training takes no step while a search is under way.
  do all.push(await found());
  while (!(await Promise.race([over, setTimeout(100, false)])));
  return all;
}

/** One search after another: all by the model before, then all by the one after. */
function expectOneThenOther(
  searches: readonly Map<string, number>[],
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): void {
  const by = searches.map((cosines) => (isBy(before, cosines) ? 0 : isBy(after, cosines) ? 1 : -1));
  expect(by).not.toContain(-1);
  expect(by).toEqual([...by].sort());
}

const status = () => app.invoke('model/status', null);
const button = (name: string) => page.getByRole('button', { name, exact: true });

beforeAll(async () => {
  if (!haveBrowser) return;
  photos = await mkdtemp(join(tmpdir(), 'medley-colours-'));
  files = await makePhotos();
  library = await mkdtemp(join(tmpdir(), 'medley-training-'));
  await mkdir(join(library, 'training'));
  await writeJsonFile(join(library, 'training', trainingFile), putDown());
  [app, browser] = await Promise.all([serveApp(library), launchBrowser()]);
  await app.invoke('models/add', { folder: tiny });
  await vi.waitFor(async () => {
    expect((await app.invoke('models/list', null)).models).toHaveLength(2);
  }, 30_000);
  await app.invoke('settings/set', { modelFolder: tiny });
  base = await cosinesBy(tiny);
  await app.invoke('library/import', { folder: photos });
  await vi.waitFor(async () => {
    expect((await app.invoke('library/info', null)).embedded).toBe(count);
  }, 60_000);
  page = await openPage(browser, complaints);
  await page.emulateMedia({ reducedMotion: 'reduce' });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  for (const folder of [photos, library]) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
});

describe.runIf(haveBrowser)('a trained model in a browser', { timeout: 180_000 }, () => {
  it('is put to use once it is better and has looked at every photo', async () => {
    await page.goto(app.link());
    await page.getByRole('link', { name: 'Training', exact: true }).click();
    await page.getByText('Paused. What is learnt so far is kept').waitFor();
    expect(isBy(base, await found())).toBe(true);
    await picture(page, 'training-paused');
    const searches = await searchedDuring(async () => {
      await button('Resume').click();
      const better = page.getByRole('heading', { name: 'The new model is better' });
      await better.waitFor({ timeout: 120_000 });
      await page.getByText('tiny-lite-model-search is in use.').waitFor();
    });
    await picture(page, 'training-adopted');
    const { model } = await status();
    expect(model?.imageId).toBe(model?.id);
    trained = await cosinesBy(model?.folder ?? '');
    expect(isBy(base, trained)).toBe(false);
    expectOneThenOther(searches, base, trained);
    expect(isBy(trained, await found())).toBe(true);
  });

  it('gives way to the model before with one click, and has its place back with another', async () => {
    const after = await status();
    const back = await searchedDuring(async () => {
      await button('Go back to the model before').click();
      await page
        .getByText('tiny-lite-model-search is among your models, and not in use.')
        .waitFor();
    });
    expectOneThenOther(back, trained, base);
    await expect.poll(async () => isBy(base, await found()), soon).toBe(true);
    expect((await status()).model).toMatchObject({ folder: tiny, captioner: null });
    await picture(page, 'training-gone-back');

    const forward = await searchedDuring(async () => {
      await button('Use it').click();
      await page.getByText('tiny-lite-model-search is in use.').waitFor();
    });
    expectOneThenOther(forward, base, trained);
    await expect.poll(async () => isBy(trained, await found()), soon).toBe(true);
    expect((await status()).model).toEqual(after.model);
    expect((await app.invoke('library/info', null)).embedded).toBe(count);
  });

  it('is told of until that is closed, and the keyboard stays on the page', async () => {
    await button('Close').press('Enter');
    await button('Close').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Training');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Check captions');
  });

  it('can be left on the page of models too', async () => {
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('heading', { name: 'The model before' }).waitFor();
    await picture(page, 'models-trained');
    await button('Go back').click();
    await expect.poll(async () => isBy(base, await found()), soon).toBe(true);
    expect(complaints).toEqual([]);
  });
});
