/**
 * `node tools/bench/search-page.ts PHOTOS [--photos 100000] [--rounds 12] [--root FOLDER]`: how long after the last
 * key first results stand on the page, in a library of so many photos that resemble those of the folder PHOTOS, by the
 * web door and a real browser. FOLDER keeps the library for the next time.
 *
 * "Typed at rest" waits for the search before to end; "typed on" types the last word while photos are being judged,
 * and so does "completed", which asks for the cameras that there are.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../tests/e2e/support/browser.ts';
import { openPage } from '../../tests/e2e/support/page.ts';
import { serveApp } from '../../tests/e2e/support/served-app.ts';
import { makeLargeLibrary } from './large-library.ts';
import { stopwatch, type Watched } from './page-stopwatch.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    photos: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '12' },
    root: { type: 'string' },
  },
});
const photos = Number(options.photos);
const rounds = Number(options.rounds);
const betweenKeys = 120;
const starts = ['a dog', 'two children', 'a man', 'a woman', 'people', 'a girl'];
const ends = [
  'running',
  'in water',
  'on grass',
  'at night',
  'with a ball',
  'in the snow',
  'jumping',
];
const asked = Array.from({ length: rounds }, (_, i) => {
  const start = starts[i % starts.length];
  return { start, whole: `${start} ${ends[i % ends.length]}` };
});

const root = options.root ?? (await mkdtemp(join(tmpdir(), 'medley-search-page-')));
try {
  const made = await stat(join(root, 'library')).catch(() => null);
  if (made === null) {
    console.log(`Making a library of ${photos} photos…`);
    await makeLargeLibrary(root, resolve(positionals[0]), photos);
  }
  const app = await serveApp(join(root, 'library'));
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser, []);
    await page.addInitScript(stopwatch);
    await page.goto(app.link());
    await page.getByText(photos.toLocaleString('en')).first().waitFor({ timeout: 120_000 });
    await measure(page);
  } finally {
    await browser.close();
    await app.close();
  }
} finally {
  if (options.root === undefined) await rm(root, { recursive: true, force: true });
}
process.exit();

async function measure(page: Page): Promise<void> {
  const box = page.getByRole('combobox');
  const first = await atRest(page, 'a boat');
  console.log(`the first search ${describe([first])}`);
  const rest: Watched[] = [];
  for (const { whole } of asked) rest.push(await atRest(page, whole));
  console.log(`typed at rest    ${describe(rest)}`);
  const on: Watched[] = [];
  for (const { start, whole } of asked) {
    await clear(page);
    await box.pressSequentially(start, { delay: betweenKeys });
    await page.evaluate((text) => window.stopwatch.judging(text), start);
    on.push(await typed(page, whole.slice(start.length), whole));
  }
  console.log(`typed on         ${describe(on)}`);
  const completed: number[] = [];
  for (const { start } of asked) {
    await clear(page);
    await box.pressSequentially(start, { delay: betweenKeys });
    await page.evaluate((text) => window.stopwatch.judging(text), start);
    const list = page.evaluate(() => window.stopwatch.completed());
    await box.pressSequentially(' camera:', { delay: betweenKeys });
    completed.push(await list);
    await page.keyboard.press('Escape');
  }
  console.log(`completed        ${spread(completed)}`);
}

async function clear(page: Page): Promise<void> {
  await page.getByRole('combobox').fill('');
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached', timeout: 60_000 });
}

async function atRest(page: Page, text: string): Promise<Watched> {
  await clear(page);
  const watched = await typed(page, text, text);
  await page.locator('.search[aria-busy=false]').waitFor({ timeout: 120_000 });
  return watched;
}

async function typed(page: Page, keys: string, whole: string): Promise<Watched> {
  // Typing returns one pause after the last key: by then they may have stood there for long.
  const watched = page.evaluate((text) => window.stopwatch.shown(text), whole);
  await page.getByRole('combobox').pressSequentially(keys, { delay: betweenKeys });
  return await watched;
}

function describe(all: readonly Watched[]): string {
  const of = (part: (watched: Watched) => number) => spread(all.map(part));
  return [
    `first results ${of(({ key, painted }) => painted - key)}`,
    `asked after ${of(({ key, sent }) => sent - key)}`,
    `answered within ${of(({ sent, answered }) => answered - sent)}`,
    `(embedding ${of(({ ms }) => ms.embed)}, lists ${of(({ ms }) => ms.shortlist)})`,
    `painted within ${of(({ answered, painted }) => painted - answered)}`,
    `${Math.round(all.reduce((sum, { bytes }) => sum + bytes, 0) / all.length / 1000)} kB`,
  ].join(', ');
}

/** Median and 95th percentile. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `${at(0.5).toFixed(0)} / ${at(0.95).toFixed(0)} ms`;
}
