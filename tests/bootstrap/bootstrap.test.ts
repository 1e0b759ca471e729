import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { bootstrap, type Bootstrapped, type BootstrapOptions } from '#main/bootstrap/bootstrap.ts';
import { readCaptions } from '#main/captions/read-captions.ts';
import type { AdapterCard } from '#main/med/adapter/adapter-card.ts';
import { openAdapter } from '#main/med/adapter/adapter-file.ts';
import { recipeFor } from '#main/training/recipe.ts';
import { MedleyError } from '#shared/errors.ts';
import { pixelsOf, temporaryFolder, tinyModel, tinyPhotos } from '../training/tiny-training.ts';

// Fifteen trainings of a tiny model: seconds, but not on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const photos = tinyPhotos(68);
const clean = photos.slice(0, 30);
const noisy = photos.slice(30, 54).map((photo) => ({
  ...photo,
  captions: photo.captions.slice(0, 1),
}));
const held = photos.slice(54);

function options(change: Partial<BootstrapOptions> = {}): BootstrapOptions {
  return {
    modelFolder: tinyModel,
    device: 'cpu',
    images: dirname(photos[0].file),
    given: { clean, noisy, truth: held },
    plant: { random: 0.25, nearest: 0.25 },
    objectives: ['captioning', 'retrieval'],
    synthetic: 'nucleus',
    tables: [],
    loadPixels: pixelsOf,
    folder: temporaryFolder(),
    recipe: recipeFor('all', 'heads', { epochs: 1, batch: 8 }),
    tuningEpochs: 1,
    onProgress: () => {},
    ...change,
  };
}

/** Runs until something of that name is being done, and is put down then. */
async function putDownAt(given: BootstrapOptions, doing: string, done: number): Promise<void> {
  const controller = new AbortController();
  const run = bootstrap({
    ...given,
    signal: controller.signal,
    onProgress: (progress) => {
      if (!progress.doing.startsWith(doing) || progress.done < done) return;
      controller.abort(new MedleyError('cancelled', '.'));
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
}

const whole = options({ tables: ['1', '2', '4'] });
let result: Bootstrapped;

beforeAll(async () => {
  result = await bootstrap(whole);
});

test('every row of the tables is measured on the photos that nothing learnt from', () => {
  expect(result.photos).toEqual({ clean: 24, validation: 6, noisy: 24, held: 14 });
  expect(result.rows.map(({ name }) => name)).toEqual([
    ...['clean', 'noisy', 'captioner', 'filter', 'both', 'beam', 'shared'],
  ]);
  for (const { measures } of result.rows) {
    expect(Object.keys(measures)).toEqual(expect.arrayContaining(['mean recall', 'CIDEr-D']));
  }
  const compared = result.tables.map(({ reference, rows }) => [
    reference,
    ...rows.map(({ name }) => name),
  ]);
  expect(compared).toEqual([
    ['noisy', 'captioner', 'filter', 'both', 'clean'],
    ['beam', 'both'],
    ['shared', 'both'],
  ]);
});

test('what a row learnt from adds up', () => {
  expect(result.check.rightKept.of).toBe(12);
  expect(result.check.wrongRemoved.of).toBe(60);
  const row = (name: string) => result.rows.find((each) => each.name === name);
  expect(row('noisy')).toMatchObject({ noisy: 24, synthetic: 0, account: null, rejected: null });
  expect(row('captioner')).toMatchObject({ noisy: 24, account: null, rejected: null });
  const both = row('both');
  // Of 24 texts, 6 changed photos and 6 are those of the photo most alike.
  expect(both?.account?.noiseRemoved.of).toBe(12);
  expect(both?.account?.rightLost.of).toBe(12);
  expect(both?.account?.removed).toMatchObject({ of: 24, count: 24 - (both?.noisy ?? 0) });
  const { of = 0, count = 0 } = both?.rejected ?? {};
  expect(both?.synthetic).toBe(of - count);
  expect(row('filter')).toMatchObject({ noisy: both?.noisy, synthetic: 0, rejected: null });
});

test('the cleaned file is read as any other, and says where its texts come from', async () => {
  const lines = readFileSync(result.cleaned, 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { source: string; text: string });
  const count = (source: string) => records.filter((each) => each.source === source).length;
  const both = result.rows.find(({ name }) => name === 'both');
  expect(count('noisy')).toBe(both?.noisy);
  expect(count('synthetic')).toBe(both?.synthetic);
  expect(count('clean')).toBe(48);
  const read = await readCaptions({ images: whole.images, captions: result.cleaned });
  expect(read.skipped).toEqual([]);
  expect(read.photos.flatMap(({ captions }) => captions)).toHaveLength(lines.length);
  const removed = readFileSync(result.removed, 'utf8').trim().split('\n').filter(Boolean);
  const taken = (both?.account?.removed.count ?? 0) + (both?.rejected?.count ?? 0);
  expect(removed).toHaveLength(taken);
});

test('two adapters are left, whose cards compare them with the base', async () => {
  const [captioner, filter] = await Promise.all(result.adapters.map(openAdapter));
  expect(captioner.card).toMatchObject({ roles: ['captioner'], data: { heldOut: 14 } });
  expect(filter.card).toMatchObject({ roles: ['filter'], data: { heldOut: 14 } });
  const before = (name: string, card: AdapterCard) =>
    card.scores.find(({ measure }) => measure === name)?.before;
  expect(before('CIDEr-D', captioner.card)).toBe(result.untrained['CIDEr-D']);
  expect(before('mean recall', filter.card)).toBe(result.untrained['mean recall']);
});

test('a run that is put down anywhere goes on to the same result', async () => {
  const again = options();
  await putDownAt(again, 'looking at photos', 8);
  await putDownAt(again, 'tuning the filter', 2);
  await putDownAt(again, 'writing', 0);
  await putDownAt(again, 'judging', 0);
  await putDownAt(again, 'training for captioning on: noisy', 1);
  await putDownAt(again, 'measuring (noisy-retrieval)', 0);
  await putDownAt(again, 'training for retrieval on: captioner', 2);
  const resumed = await bootstrap(again);
  expect(resumed.scores).toEqual(result.scores);
  for (const [i, file] of resumed.adapters.entries()) {
    expect(readFileSync(file).equals(readFileSync(result.adapters[i]))).toBe(true);
  }
  expect(readFileSync(resumed.cleaned, 'utf8')).toBe(readFileSync(result.cleaned, 'utf8'));
});

test('what is there is not made again', async () => {
  const { folder } = whole;
  expect(readdirSync(join(folder, 'tuned')).sort()).toEqual(['captioner', 'filter', 'shared']);
  const trained = ['beam', 'both', 'captioner', 'filter', 'noisy', 'shared'];
  const uses = ['captioning', 'retrieval'];
  expect(readdirSync(join(folder, 'trained')).sort()).toEqual(
    trained.flatMap((row) => uses.map((use) => `${row}-${use}`)),
  );
  rmSync(join(folder, 'scores', 'both-retrieval.json'));
  const doing = new Set<string>();
  const onProgress: BootstrapOptions['onProgress'] = (progress) => doing.add(progress.doing);
  expect(await bootstrap({ ...whole, onProgress })).toEqual(result);
  expect([...doing].filter((name) => name !== 'looking at photos')).toEqual([
    'measuring (both-retrieval)',
  ]);
});

test('without synthetic captions the filtered ones are left, as table 1 has them', async () => {
  const filtered = await bootstrap({ ...whole, synthetic: 'none', tables: [] });
  expect(readFileSync(filtered.cleaned, 'utf8')).not.toContain('"synthetic"');
  expect(filtered.rows.map(({ name }) => name)).toEqual(['noisy', 'filter']);
  const [table1] = result.tables;
  expect(filtered.scores).toEqual(table1.rows.find(({ name }) => name === 'filter')?.scores);
});

test('another bootstrap does not go into the same folder', async () => {
  const other = { ...whole, plant: { random: 0.4, nearest: 0 } };
  await expect(bootstrap(other)).rejects.toMatchObject({
    code: 'bad-request',
    subject: whole.folder,
  });
});
