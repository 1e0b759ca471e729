import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeEveryKindFolder,
  type ExpectedFolder,
  type ExpectedPhoto,
} from '../support/every-kind-folder.ts';
import { haveBrowser } from './support/browser.ts';
import { chooseFolder } from './support/choose-folder.ts';
import { openApp, type OpenedApp } from './support/opened-app.ts';
import { picture } from './support/picture.ts';
import {
  lookThroughGrid,
  readInformation,
  type SeenCell,
  type SeenInformation,
} from './support/seen-photos.ts';

/** How the page says the dates of the folder, in British English. */
const dates: Record<string, string> = {
  '1978': '1978',
  '1978-05': 'May 1978',
  '1978-05-06': '6 May 1978',
  '2016-05-18T10:00:00': 'Wednesday, 18 May 2016 at 10:00',
  '2016-07-02T18:20:05': 'Saturday, 2 July 2016 at 18:20',
  '2018-05-20T21:10:00': 'Sunday, 20 May 2018 at 21:10',
  '2019-10-12T07:45:30': 'Saturday, 12 October 2019 at 07:45',
  '2021-08-09T12:13:14': 'Monday, 9 August 2021 at 12:13',
};
const ofRaw = 'Monday, 4 May 2020 at 10:00';
const dateSources: Record<string, string> = {
  FileName: 'from the file name',
  'Takeout:photoTakenTime': 'from Google Takeout',
  'ExifIFD:DateTimeOriginal': 'from the camera (EXIF DateTimeOriginal)',
  'XMP-exif:DateTimeOriginal': 'from the camera (XMP-exif DateTimeOriginal)',
  'XMP-photoshop:DateCreated': 'as an image editor or archive wrote it (XMP-photoshop DateCreated)',
};
const roles = {
  photo: 'Photo',
  raw: 'RAW',
  film: 'Live photo film',
  sidecar: 'Sidecar',
  text: 'Text file',
  takeout: 'Google Takeout',
};

let root: string;
let photos: string;
let expected: ExpectedFolder;
let app: OpenedApp;
let cells: SeenCell[];
const seen = new Map<string, SeenInformation>();

beforeAll(async () => {
  if (!haveBrowser) return;
  root = await realpath(await mkdtemp(join(tmpdir(), 'medley-every-kind-')));
  photos = join(root, 'Photos of every kind');
  await mkdir(photos);
  expected = await makeEveryKindFolder(photos);
  app = await openApp();
});

afterAll(async () => {
  await app?.close();
  await rm(root, { recursive: true, force: true });
});

const link = (name: string) => app.page.getByRole('link', { name, exact: true });

/** What the page should say of a photo. */
function wordsOf({ files, taken, captions, keywords, place, notices }: ExpectedPhoto) {
  return {
    files: files
      .map(([path, role]) => [files.length > 1 ? roles[role] : '', join(photos, path)])
      .toSorted(),
    taken: taken === null ? 'Not known' : (dates[taken[0]] ?? ofRaw),
    dateSource: taken === null ? null : dateSources[taken[1]],
    captions: captions.map(([text, field, file]) => [
      text,
      file === null ? field : `${field} in ${file}`,
    ]),
    keywords: keywords.length === 0 ? undefined : keywords.join(', '),
    place:
      place === null ? undefined : `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`,
    notices: notices.map((notice): unknown => expect.stringMatching(notice)),
  };
}

describe.runIf(haveBrowser)('a folder of photos of every kind', () => {
  it('is added in the page, which then shows every photo', { timeout: 120_000 }, async () => {
    const { page } = app;
    await page.goto(app.link());
    await link('Folders').click();
    await page.getByRole('button', { name: 'Add folder' }).click();
    await chooseFolder(page, photos);
    const { length } = expected.photos;
    await page.getByText(`Medley shows ${length} photos`).waitFor({ timeout: 60_000 });
    await picture(page, 'every-kind-folders');
    await link('Photos').click();
    cells = await lookThroughGrid(page, length);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(length);
    for (const { id, width, height, quarters } of cells) {
      expect(Math.min(width, height), id).toBeGreaterThan(0);
      expect(Math.max(...quarters.flat()), id).toBeGreaterThan(40);
    }
    await page.mouse.wheel(0, -1e6);
    await picture(page, 'every-kind');
  });

  it('is in the order of time, at last what has no date', async () => {
    const { page } = app;
    const undated = expected.photos.filter(({ taken }) => taken === null).length;
    const said = cells.map(({ label }) => label.slice(label.lastIndexOf(', ') + 2));
    expect(said.slice(-undated)).toEqual(Array.from({ length: undated }, () => 'No date'));
    expect(said.slice(0, -undated)).not.toContain('No date');
    expect(said.slice(-undated - 3, -undated)).toEqual(['6 May 1978', 'May 1978', '1978']);
    await page.locator('[data-index="0"]').focus();
    await page.keyboard.press('End');
    const scrubber = page.getByRole('slider', { name: 'Place in time' });
    await expect.poll(() => scrubber.getAttribute('aria-valuetext')).toBe('No date');
    const title = page.getByRole('rowheader', { name: 'No date', exact: true });
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -200);
        return title.count();
      })
      .toBe(1);
    await picture(page, 'every-kind-undated');
  });

  it('tells of each photo what is known, and what says so', { timeout: 180_000 }, async () => {
    const { page } = app;
    await page.locator(`[data-index="${cells.length - 1}"]`).press('Enter');
    for (const { id } of cells.toReversed()) {
      await expect.poll(() => new URL(page.url()).hash).toBe(`#/photo/${id}`);
      const information = await readInformation(page);
      for (const [, path] of information.files) seen.set(relative(photos, path), information);
      await page.keyboard.press('ArrowLeft');
    }
    await picture(page, 'every-kind-photo');
    for (const photo of expected.photos) {
      const [[path]] = photo.files;
      const told = seen.get(path);
      if (told === undefined) throw new Error(`the page shows no ${path}`);
      const { files, facts, captions, dateSource, notices, width } = told;
      expect(width, path).toBeGreaterThan(0);
      expect
        .soft(
          {
            files: files.toSorted(),
            taken: facts.get('Taken'),
            dateSource,
            captions,
            keywords: facts.get('Keywords'),
            place: facts.get('Place'),
            notices,
          },
          path,
        )
        .toEqual(wordsOf(photo));
    }
    await page.keyboard.press('Escape');
  });

  it('shows HEIC upright and in its colours', () => {
    const cellOf = new Map(cells.map((cell) => [cell.id, cell]));
    const ofQuarters = expected.photos.filter(({ quarters }) => quarters !== null);
    expect(ofQuarters.length).toBeGreaterThan(10);
    for (const { files, quarters } of ofQuarters) {
      const [[path]] = files;
      const cell = cellOf.get(seen.get(path)?.id ?? '');
      const difference = quarters
        ?.flat()
        .map((value, at) => Math.abs(value - (cell?.quarters.flat()[at] ?? NaN)));
      expect(Math.max(...(difference ?? [])), path).toBeLessThan(16);
    }
  });

  it('tells what it leaves out, and why', async () => {
    const { page } = app;
    await page.getByRole('link', { name: '4 left out' }).click();
    await page.getByRole('heading', { name: '4 files left out' }).waitFor();
    await page.getByText('1 SVG drawing: Medley does not read these yet').waitFor();
    await page.getByText('1 Photoshop document: Medley does not read these yet').waitFor();
    await page.getByText('2 videos: Medley does not show videos yet').click();
    const videos = page.getByRole('group', { name: /^2 videos/ }).getByRole('listitem');
    await expect
      .poll(async () => (await videos.allInnerTexts()).map((path) => relative(photos, path)))
      .toEqual(Object.keys(expected.unsupported).filter((path) => path.endsWith('.mp4')));
    await page.getByText(/^1 file: The file is damaged: about \d+\s% /).click();
    await page.getByText(join(photos, 'Odd/cut.jpg')).waitFor();
    await picture(page, 'every-kind-left-out');
  });

  it('fits a narrow window', async () => {
    const { page } = app;
    await page.setViewportSize({ width: 420, height: 800 });
    for (const place of ['', 'folders', 'activity']) {
      await page.goto(`${new URL(page.url()).origin}/#/${place}`);
      await page.getByRole('main').waitFor();
      await picture(page, `every-kind-narrow-${place || 'photos'}`);
      const hidden = await page.evaluate(() => document.body.scrollWidth - window.innerWidth);
      expect(hidden, place).toBeLessThanOrEqual(0);
    }
  });

  it('did all this without a complaint from the browser', () => {
    expect(app.complaints).toEqual([]);
  });
});
