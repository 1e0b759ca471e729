import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultOf } from '#shared/api.ts';
import type { RequestMessage } from '#shared/rpc/messages.ts';
import type { ListedModel } from '#shared/schemas/models.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { violations } from './support/violations.ts';
import { haveBrowser, launchBrowser } from './support/browser.ts';
import { pretendLibrary, untouchedSettings, type Answers } from './support/large-library.ts';
import { openPage } from './support/page.ts';
import { picture } from './support/picture.ts';
import { serveApp, type ServedApp } from './support/served-app.ts';

type Training = Extract<Task, { kind: 'training' }>;

let app: ServedApp;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  if (!haveBrowser) return;
  [app, browser] = await Promise.all([serveApp(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const data: ResultOf<'training/data'> = {
  photos: 200,
  captions: 212,
  written: 180,
  confirmed: 32,
  fewest: 20,
  plenty: 200,
  imageBlocks: { captioning: 4, retrieval: 12 },
  problem: null,
};

const noModels = { models: [], downloads: [] };

const underWay: Training = {
  kind: 'training',
  id: 'a',
  subject: 'training',
  name: 'starter',
  state: 'running',
  progress: { done: 40, total: 130, unit: 'steps', rate: null, secondsLeft: 300 },
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: null,
  error: null,
  can: { cancel: true, pause: true, resume: false, dismiss: false },
  goal: 'retrieval',
  imageBlocks: 0,
  stage: 'training',
  photos: 200,
  captions: 212,
  unreadable: 0,
  losses: Array.from({ length: 40 }, (_, i) => ({
    step: i + 1,
    itc: 5 - i / 10,
    itm: 0.7 - i / 90,
  })),
  epochs: [
    { epoch: 0, measures: { 'mean recall': 41.5, 'matching AUC': 0.81 } },
    { epoch: 1, measures: { 'mean recall': 52.25, 'matching AUC': 0.9 } },
  ],
  outcome: null,
};

const keptAside = {
  ...underWay,
  state: 'done',
  can: { cancel: false, pause: false, resume: false, dismiss: true },
  endedAt: '2026-01-01T10:09:00.000Z',
  unreadable: 1,
  outcome: {
    better: false,
    reason: 'It is worse by mean recall on photos kept from training.',
    scores: [
      { measure: 'mean recall', before: 52.25, after: 41.5, low: -20, high: -1.5 },
      { measure: 'matching AUC', before: 0.81, after: 0.9, low: -0.012, high: 0.2 },
    ],
    learntFrom: 140,
    comparedOn: 40,
    model: 'starter-search',
  },
} as const satisfies Training;

const trained: ListedModel = {
  name: 'starter-search',
  folder: '/models/starter-search',
  source: 'trained',
  origin: null,
  revision: null,
  addedAt: '2026-01-01T10:09:00.000Z',
  bytes: 2_600_000,
  facts: {
    id: 'starter@0123456789ab',
    roles: { matching: true, captioning: false },
    parameters: 35_700_000,
    imageSize: 288,
    dtype: 'f16',
  },
  trained: {
    ...keptAside.outcome,
    ...{ base: 'starter', photos: 200, captions: 212 },
    taught: { objective: 'retrieval', trainable: 'lora', imageBlocks: 2 },
  },
  license: null,
  problem: null,
};

/** What the pages asked of the engine. */
const heard: RequestMessage[] = [];
const asked = (name: string) =>
  heard.filter(({ method }) => method === name).map(({ params }) => params);

/** The page of training of a library in this state. */
async function show(
  tasks: Task[],
  training: ResultOf<'training/data'> = data,
  instead: Answers = {},
): Promise<Page> {
  heard.length = 0;
  const page = await openPage(browser, complaints);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const answers = { 'training/data': training, 'tasks/list': tasks, 'models/list': noModels };
  await pretendLibrary(page, 300, 0, { ...answers, ...instead }, heard);
  await page.goto(app.link());
  await page.getByRole('link', { name: 'Training', exact: true }).click();
  await page.getByRole('heading', { name: 'Training', exact: true }).waitFor();
  return page;
}

describe.runIf(haveBrowser)('the page of training', { timeout: 60_000 }, () => {
  it('says what there is to learn from, and begins only where that is enough', async () => {
    const page = await show([]);
    await page.getByText('200 photos with captions that you stand by').waitFor();
    const start = page.getByRole('button', { name: 'Start training' });
    expect(await start.isEnabled()).toBe(true);
    await picture(page, 'training-ready');
    expect(await violations(page)).toEqual([]);
    const problem = 'Training needs 20 photos or more whose captions you wrote or confirmed.';
    const few = { photos: 3, captions: 3, written: 3, confirmed: 0 };
    const other = await show([], { ...data, ...few, problem });
    await other.getByText(problem).waitFor();
    expect(await other.getByRole('button', { name: 'Start training' }).isDisabled()).toBe(true);
    await picture(other, 'training-too-few');
    expect(await violations(other)).toEqual([]);
  });

  it('begins with as much of the model learning as is chosen', async () => {
    const page = await show([]);
    await page.getByText('How much of the model learns').first().click();
    const sees = page.getByRole('radio', { name: 'How it sees, too' });
    const blocks = page.getByRole('slider', { name: 'Blocks of the image encoder that learn' });
    expect(await blocks.count()).toBe(0);
    await sees.check();
    expect(await blocks.getAttribute('aria-valuetext')).toBe('the last 2 of 4 blocks');
    await blocks.press('End');
    expect(await blocks.getAttribute('aria-valuetext')).toBe('all 4 blocks');
    await picture(page, 'training-depth');
    expect(await violations(page)).toEqual([]);

    // Search is by a model with more of them, and captions by one with fewer.
    await page.getByRole('radio', { name: 'Find and check photos better' }).check();
    await blocks.press('End');
    expect(await blocks.getAttribute('aria-valuetext')).toBe('all 12 blocks');
    await page.getByRole('radio', { name: 'Write captions as I do' }).check();
    expect(await blocks.getAttribute('aria-valuetext')).toBe('all 4 blocks');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('radio', { name: 'How it handles words' }).check();
    await page.getByRole('button', { name: 'Start training' }).click();
    expect(asked('training/start')).toEqual([
      { goal: 'captioning', imageBlocks: 4 },
      { goal: 'captioning', imageBlocks: 0 },
    ]);
  });

  it('does not offer blocks where a model has none that can learn', async () => {
    const page = await show([], { ...data, imageBlocks: { captioning: 0, retrieval: 12 } });
    await page.getByRole('button', { name: 'Start training' }).waitFor();
    expect(await page.getByText('How much of the model learns').count()).toBe(0);
  });

  it('asks before what is learnt is lost', async () => {
    const page = await show([{ ...underWay, imageBlocks: 2 }]);
    await page.getByText('; the last 2 blocks of its image encoder too.').waitFor();
    const question = page.getByRole('dialog', { name: 'Cancel this training?' });
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    expect(await violations(page)).toEqual([]);
    await question.getByRole('button', { name: 'Keep it' }).click();
    await question.waitFor({ state: 'detached' });
    expect(asked('tasks/cancel')).toEqual([]);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await question.getByRole('button', { name: 'Cancel the training' }).click();
    await question.waitFor({ state: 'detached' });
    expect(asked('tasks/cancel')).toEqual([{ id: 'a' }]);

    await page.getByRole('link', { name: /^Activity/ }).click();
    await page.getByRole('button', { name: 'Cancel: Training of starter' }).click();
    await question.getByRole('button', { name: 'Cancel the training' }).click();
    expect(asked('tasks/cancel')).toEqual([{ id: 'a' }, { id: 'a' }]);
  });

  it('cancels one that has learnt nothing yet without a question', async () => {
    const page = await show([{ ...underWay, stage: 'features', losses: [], epochs: [] }]);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect.poll(() => asked('tasks/cancel')).toEqual([{ id: 'a' }]);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('draws a curve for each loss and measure, with the same in figures', async () => {
    const page = await show([underWay]);
    await page.getByText('Learning: step 40 of 130 · about 5 minutes left').waitFor();
    const curves = page.getByRole('img');
    expect(
      await curves.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label'))),
    ).toEqual([
      'Bringing photos and texts together (ITC): from 5.000 to 1.100',
      'Telling right texts from wrong ones (ITM): from 0.700 to 0.267',
      'Found among the first, on average (mean recall, %): from 41.5 to 52.3',
      'Right and wrong texts told apart (AUC): from 0.810 to 0.900',
    ]);
    // The curve of ITC falls in a straight line, from its left end to its right one.
    const box = await curves.first().locator('.curve').boundingBox();
    const path = (await curves.first().locator('.curve').getAttribute('d')) ?? '';
    const points = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(points).toHaveLength(40);
    expect(
      points.every(([x, y], i) => i === 0 || (x > points[i - 1][0] && y > points[i - 1][1])),
    ).toBe(true);
    expect(box?.width).toBeGreaterThan(200);
    await picture(page, 'training-running');
    await page.getByText('In figures').nth(2).click();
    const table = page.getByRole('table');
    expect(await table.getByRole('cell').allTextContents()).toEqual(['0', '41.5', '1', '52.3']);
    expect(await violations(page)).toEqual([]);
  });

  it('keeps why it stands still on the page, with a way on', async () => {
    const page = await show([
      {
        ...underWay,
        state: 'paused',
        error: 'The disk is full.',
        can: { cancel: true, pause: false, resume: true, dismiss: false },
      },
    ]);
    await page.getByRole('alert').getByText('The disk is full.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await picture(page, 'training-stands-still');
    expect(await violations(page)).toEqual([]);
  });

  it('shows the model before and after, and why the new one is kept aside', async () => {
    const page = await show([keptAside]);
    await page.getByRole('heading', { name: 'The new model is kept aside' }).waitFor();
    await page.getByText('It is worse by mean recall on photos kept from training.').waitFor();
    await page.getByText('Nothing was learnt from 1 photo that could not be read.').waitFor();
    await picture(page, 'training-kept-aside');
    const rows = page.getByRole('table', { name: /Before and after, on 40/ }).getByRole('row');
    const texts = (await rows.allInnerTexts()).map((row) => row.split('\t'));
    expect(texts.slice(1)).toEqual([
      [
        'Found among the first, on average (mean recall, %)',
        '52.3',
        '41.5',
        '−20.0 to −1.5',
        'Worse',
      ],
      [
        'Right and wrong texts told apart (AUC)',
        '0.810',
        '0.900',
        '−0.012 to +0.200',
        'No sure difference',
      ],
    ]);
    expect(await violations(page)).toEqual([]);
  });

  it('does not say that a model is kept aside that is used all the same', async () => {
    const page = await show([keptAside], data, {
      'models/list': { ...noModels, models: [trained] },
      'settings/get': { ...untouchedSettings, modelFolder: trained.folder },
    });
    await page.getByRole('heading', { name: 'The new model is in use' }).waitFor();
    await page.getByText('starter-search is in use.').waitFor();
    expect(await page.getByText('kept aside').count()).toBe(0);
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByText('In use').first().waitFor();
    await page.getByText('It is worse by mean recall on photos kept from training.').waitFor();
    expect(await page.getByText('Kept aside').count()).toBe(0);
    const entry = page.getByRole('listitem', { name: trained.name });
    await entry.getByText('Details').click();
    await entry.getByText('Find and check photos better').waitFor();
    await entry.getByText('the last 2 blocks of its image encoder too').waitFor();
    await entry.getByText('140 to learn from, 40 to compare on').waitFor();
    await picture(page, 'model-taught');
    expect(complaints).toEqual([]);
  });
});
