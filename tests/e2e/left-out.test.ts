import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PhotoDetail, TakenPrecision } from '#shared/schemas/photos.ts';
import { haveBrowser } from './support/browser.ts';
import { pretendLibrary, pretendTimeline } from './support/large-library.ts';
import { openApp, type OpenedApp } from './support/opened-app.ts';
import { picture } from './support/picture.ts';

const count = 40;
const videos = 20_000;
const at = (text: string) => Date.parse(text) / 1000;

/** Some newer photos, three of May 1978, of 1978 and ten of no time. */
const partly: [time: number, precision: TakenPrecision | null][] = [
  [at('1978-05-01'), 'month'],
  [at('1978-01-01'), 'year'],
  [at('1978-01-01'), 'year'],
  ...Array.from({ length: 10 }, (): [number, null] => [at('2020-02-02'), null]),
];
const dated = pretendTimeline(count);
const undatedFrom = count - 10;
const notice = 'The file is cut off; its lower part is missing.';

const detail: PhotoDetail = {
  id: dated.ids[0],
  files: [
    { path: '/p/quay.jpg', role: 'photo' },
    { path: '/p/quay.cr3', role: 'raw' },
    { path: '/p/quay.jpg.xmp', role: 'sidecar' },
  ],
  missing: false,
  format: 'jpeg',
  bytes: 1_500_000,
  width: 3000,
  height: 2000,
  taken: { text: '1978-05', precision: 'month', source: 'ExifIFD:DateTimeOriginal' },
  camera: null,
  lens: null,
  exposure: null,
  location: null,
  keywords: ['quay', 'boats'],
  captions: [
    {
      id: 'c',
      text: 'Boats at the quay',
      origin: 'imported',
      field: 'XMP-dc:Description',
      file: '/p/quay.jpg.xmp',
      modelId: null,
      decoding: null,
      itm: null,
      itmModelId: null,
      confirmed: false,
      createdAt: '2026-01-01T10:00:00Z',
    },
  ],
  notices: [notice],
};

let app: OpenedApp;
let page: Page;

beforeAll(async () => {
  if (!haveBrowser) return;
  app = await openApp();
  ({ page } = app);
  await pretendLibrary(page, count, 0, {
    'photos/timeline': {
      ...dated,
      taken: [...dated.taken.slice(0, -partly.length), ...partly.map(([time]) => time)],
      precisions: [
        ...dated.precisions.slice(0, -partly.length),
        ...partly.map(([, precision]) => precision),
      ],
    },
    'photos/get': detail,
    'library/left-out': {
      unsupported: [
        ...Array.from({ length: videos }, (_, n) => ({ file: `/p/film ${n}.mp4`, kind: 'video' })),
        { file: '/p/logo.svg', kind: 'svg' },
        { file: '/p/old.zzz', kind: 'zzz' },
      ],
      notices: ['a', 'b', 'c'].map((name) => ({ file: `/p/${name}.jpg`, notice })),
    },
  });
  await page.goto(app.link());
  await page.locator('[data-index="0"]').waitFor();
});

afterAll(() => app?.close());

describe.runIf(haveBrowser)('photos of which little is known', () => {
  it('stand under their month, their year, or under no date at the end', async () => {
    await page.locator('[data-index="0"]').focus();
    await page.keyboard.press('End');
    const grid = page.getByRole('grid', { name: 'Photos' });
    for (const name of ['May 1978', '1978', 'No date']) {
      await grid.getByRole('rowheader', { name, exact: true }).waitFor();
    }
    const scrubber = page.getByRole('slider', { name: 'Place in time' });
    await scrubber.getByText('No date', { exact: true }).first().waitFor();
    await expect.poll(() => scrubber.getAttribute('aria-valuetext')).toBe('No date');
    const names = await page
      .locator('[data-index]')
      .evaluateAll((cells) =>
        cells.map((cell) => [cell.getAttribute('data-index'), cell.getAttribute('aria-label')]),
      );
    expect(names).toContainEqual([String(undatedFrom), 'Photo, No date']);
    expect(names).toContainEqual([String(undatedFrom - 1), 'Photo, 1978']);
    await picture(page, 'undated');
  });

  it('say what is known, and where it is from on hover and focus', async () => {
    await page.keyboard.press('Enter');
    const information = page.getByRole('complementary', { name: 'Information' });
    const taken = information.getByRole('button', { name: 'May 1978' });
    await taken.hover();
    const hint = page.getByRole('tooltip');
    await expect.poll(() => hint.textContent()).toBe('from the camera (EXIF DateTimeOriginal)');
    // Above all else, not only there.
    await page.locator('[data-side] > .hint').hover();
    await picture(page, 'source');
    await page.mouse.move(0, 0);
    await hint.waitFor({ state: 'detached' });
    await information.getByRole('button', { name: 'from the file' }).focus();
    await expect.poll(() => hint.textContent()).toBe('XMP-dc:Description in quay.jpg.xmp');
    await information.getByText(notice).waitFor();
    await information
      .getByRole('listitem')
      .filter({ hasText: 'RAW' })
      .getByText('quay.cr3')
      .waitFor();
    await picture(page, 'partly-dated');
    await page.keyboard.press('Escape');
    await information.waitFor({ state: 'detached' });
  });
});

describe.runIf(haveBrowser)('what was left out', () => {
  it('is told beside the photos, and on the page of what was done', async () => {
    await page.getByRole('link', { name: '20,002 left out' }).click();
    await page.getByRole('heading', { name: '20,002 files left out' }).waitFor();
    await page.getByText('1 SVG drawing: Medley does not read these yet').waitFor();
    await page.getByText('1 zzz file: Medley does not read these yet').waitFor();
    await page.getByText(`3 files: ${notice}`).click();
    await page.getByText('/p/b.jpg').waitFor();
    await picture(page, 'left-out');
  });

  it('unfolds to its files, of which only those in view exist', async () => {
    await page.getByText('20,000 videos: Medley does not show videos yet').click();
    const list = page.getByRole('group', { name: /^20,000 videos/ });
    await list.getByText('/p/film 0.mp4').waitFor();
    expect(await list.getByRole('listitem').count()).toBeLessThan(40);
    await list.focus();
    await page.keyboard.press('End');
    await list.getByText(`/p/film ${videos - 1}.mp4`).waitFor();
    await picture(page, 'left-out-files');
    expect(app.complaints).toEqual([]);
  });
});
