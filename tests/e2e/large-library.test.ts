import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { pretendLibrary } from './support/large-library.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

const count = 100_000;
/** A screenful, a few rows around it and the rest of the interface; not the library. */
const mostElements = 800;

let app: ServedApp;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!haveBrowser) return;
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await pretendLibrary(page, count);
  await page.goto(app.link());
  await page.locator('[data-index="0"]').waitFor();
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const focusedPhoto = () => page.evaluate(() => document.activeElement?.getAttribute('data-index'));
const elements = () => page.evaluate(() => document.querySelectorAll('*').length);

/** Photos of which a part can be seen, by index. */
const onScreen = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-index]')]
      .filter((cell) => {
        const { top, bottom } = cell.getBoundingClientRect();
        return bottom > 100 && top < window.innerHeight;
      })
      .map((cell) => Number(cell.getAttribute('data-index'))),
  );

describe.runIf(haveBrowser)('100,000 photos', () => {
  it('exist only where they can be seen', async () => {
    await page.getByText('100,000 photos').waitFor();
    expect(await elements()).toBeLessThan(mostElements);
  });

  it('are all there to scroll through, with no hole on the way', async () => {
    const seen = await page.evaluate(async () => {
      const grid = document.querySelector('[role=grid]');
      if (!grid) return [];
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const empty: number[] = [];
      const steps = 120;
      const reach = grid.scrollHeight - grid.clientHeight;
      for (let step = 0; step <= steps; step++) {
        grid.scrollTop = (reach * step) / steps;
        await frame();
        await frame();
        const box = grid.getBoundingClientRect();
        const middle = document.elementFromPoint(box.left + 40, box.top + box.height / 2);
        if (!middle?.closest('[role=row]')) empty.push(step);
      }
      return empty;
    });
    // A gap of 4 pixels may lie just there, but not often.
    expect(seen.length).toBeLessThan(10);
    expect(await onScreen()).toContain(count - 1);
    expect(await elements()).toBeLessThan(mostElements);
  });

  it('are reached from end to end by one key', async () => {
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await expect.poll(focusedPhoto).toBe(String(count - 1));
    await expect.poll(onScreen).toContain(count - 1);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(focusedPhoto).toBe(String(count - 2));
    await page.keyboard.press('Home');
    await expect.poll(focusedPhoto).toBe('0');
    await expect.poll(onScreen).toContain(0);
  });

  it('are reached by year at the right edge', async () => {
    const scrubber = page.getByRole('slider', { name: 'Place in time' });
    await expect.poll(() => scrubber.getAttribute('aria-valuetext')).toBe('June 2026');
    await scrubber.focus();
    await page.keyboard.press('End');
    await expect.poll(onScreen).toContain(count - 1);
    // 100,000 photos two hours apart reach back 8,333 days.
    expect(await scrubber.getAttribute('aria-valuetext')).toBe('August 2003');
    const box = await scrubber.boundingBox();
    if (!box) throw new Error('The scrubber is not on screen.');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(async () => {
        const [first] = await onScreen();
        return Math.abs(first - count / 2) < count / 50;
      })
      .toBe(true);
  });

  it('stay in place when the window or the size of photos changes', async () => {
    const [before] = await onScreen();
    await page.setViewportSize({ width: 900, height: 700 });
    await expect.poll(onScreen).toContain(before);
    await page.getByRole('button', { name: 'Smaller photos' }).click();
    await expect.poll(onScreen).toContain(before);
  });
});
