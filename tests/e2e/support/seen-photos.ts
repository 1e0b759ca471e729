import type { Locator, Page } from 'playwright-core';

/** What a person sees of a photo in the grid. */
export interface SeenCell {
  readonly id: string;
  readonly label: string;
  /** Of the small picture, in pixels; 0 while there is none. */
  readonly width: number;
  readonly height: number;
  /** Red, green and blue, 0–255, in the middle of each quarter. */
  readonly quarters: readonly (readonly number[])[];
}

/** Scrolls the grid from its top to its end, and looks at every photo. */
export async function lookThroughGrid(page: Page, count: number): Promise<SeenCell[]> {
  const grid = page.getByRole('grid', { name: 'Photos' });
  await grid.hover();
  await page.mouse.wheel(0, -1e6);
  const seen = new Map<number, SeenCell>();
  while (seen.size < count) {
    await page.waitForFunction(
      () => document.querySelector('[data-index] img:not(.shown):not(.sharp)') === null,
    );
    const cells = await page.locator('[data-index]').evaluateAll((links) =>
      links.flatMap((link) => {
        // One that is not there yet is seen on the next round.
        const image = link.querySelector<HTMLImageElement>('img.shown:not(.sharp)');
        if (!(link instanceof HTMLAnchorElement) || image === null) return [];
        const { naturalWidth: width, naturalHeight: height } = image;
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [Math.max(1, width), Math.max(1, height)];
        const context = canvas.getContext('2d');
        context?.drawImage(image, 0, 0);
        const quarters = [0.25, 0.75].flatMap((y) =>
          [0.25, 0.75].map((x) =>
            Array.from(
              context?.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data ?? [],
            ).slice(0, 3),
          ),
        );
        const cell = {
          id: link.hash.replace('#/photo/', ''),
          label: link.ariaLabel ?? '',
          width,
          height,
          quarters,
        };
        return [[Number(link.dataset['index']), cell] as const];
      }),
    );
    for (const [index, cell] of cells) seen.set(index, cell);
    await page.mouse.wheel(0, 300);
  }
  return [...seen].toSorted(([a], [b]) => a - b).map(([, cell]) => cell);
}

/** What a person reads of a photo beside it. */
export interface SeenInformation {
  readonly id: string;
  /** Of the large picture, in pixels. */
  readonly width: number;
  /** What it is to the photo, and its path; one that is alone is nothing to it. */
  readonly files: readonly (readonly [words: string, path: string])[];
  readonly facts: ReadonlyMap<string, string>;
  /** Captions of files, each with what hovering says of its source. */
  readonly captions: readonly (readonly [text: string, source: string])[];
  /** What hovering says of the date; null where there is none. */
  readonly dateSource: string | null;
  readonly notices: readonly string[];
}

/** Reads all of the photo that is open, once it is shown. */
export async function readInformation(page: Page): Promise<SeenInformation> {
  const id = new URL(page.url()).hash.replace('#/photo/', '');
  const shown = page.locator(`.stage img.shown[src*="${id}"]`);
  await shown.waitFor();
  const information = page.getByRole('complementary', { name: 'Information' });
  const written = information.getByRole('article').filter({ hasText: 'from the file' });
  const captions: [string, string][] = [];
  for (const card of await written.all()) {
    const text = await card.getByRole('paragraph').first().innerText();
    captions.push([text, await hintOf(page, card.getByRole('button', { name: 'from the file' }))]);
  }
  const rows = await information
    .locator('dl > div')
    .evaluateAll((all) =>
      all.map((row) => Array.from(row.children, (each) => each.textContent.trim())),
    );
  const taken = information.locator('dl > div').filter({ hasText: 'Taken' }).getByRole('button');
  return {
    id,
    width: await shown.evaluate((image) =>
      image instanceof HTMLImageElement ? image.naturalWidth : 0,
    ),
    files: await information.getByRole('listitem').evaluateAll((items) =>
      items.map((item): [string, string] => {
        const words = item.querySelector('span')?.textContent.trim() ?? '';
        return [words, item.textContent.trim().slice(words.length).trim()];
      }),
    ),
    facts: new Map(rows.map(([name, value]) => [name, value])),
    captions,
    dateSource: (await taken.count()) === 0 ? null : await hintOf(page, taken),
    notices: await information
      .getByRole('region', { name: 'Notices' })
      .getByRole('paragraph')
      .allInnerTexts(),
  };
}

/** What appears above words when the mouse rests on them. */
async function hintOf(page: Page, words: Locator): Promise<string> {
  await words.hover();
  const hint = page.getByRole('tooltip');
  const text = await hint.innerText();
  await page.mouse.move(0, 0);
  await hint.waitFor({ state: 'detached' });
  return text;
}
