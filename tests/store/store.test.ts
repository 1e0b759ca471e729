import { expect, test } from 'vitest';
import { setMissing } from '#main/store/change-files.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { NewScore } from '#main/store/tables/scores.ts';
import type { Verdict } from '#shared/schemas/photos.ts';
import { openLibrary } from './open-library.ts';
import {
  contentId,
  importedFile,
  knownFile,
  machineCaption,
  newContent,
  personCaption,
  pixelsId,
} from './rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const asset = contentId(1);
const picture = pixelsId(1);

async function captions(store: Store) {
  return (await store.captionsOf([asset])).get(asset) ?? [];
}

async function decide(store: Store, captionId: string, verdict: Verdict, reason?: string) {
  await store.decide(newBatch('person'), {
    captionId,
    assetId: asset,
    verdict,
    by: 'person',
    reason: reason ?? null,
  });
}

function score(captionId: string, value: number, change: Partial<NewScore> = {}): NewScore {
  const key = { captionId, pictureId: picture, modelId: 'matcher@1' };
  return { ...key, value, createdAt: '2026-01-01', ...change };
}

test('what a person does while scores are computed and stored survives', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  await store.addImports([importedFile('/a', newContent(1))]);
  const rows = Array.from({ length: 20 }, (_, n) => machineCaption(`c${n}`, asset, picture));
  await store.addCaptions(newBatch('caption'), rows);

  // As the stage does it: read, wait for the model, store.
  const read = await captions(store);
  await decide(store, 'c3', 'confirmed', 'it is so');
  await store.addCaptions(newBatch('person'), [personCaption('own', asset)]);
  const scores = read.map(({ id }, i) => score(id, i / 20));
  await Promise.all([
    store.tables.scores.append(scores.slice(0, 10)),
    decide(store, 'c4', 'confirmed'),
    store.tables.scores.append(scores.slice(10)),
    decide(store, 'c5', 'confirmed'),
    decide(store, 'c3', 'withdrawn'),
    store.addCaptions(newBatch('person'), [personCaption('another', asset)]),
  ]);

  const expectKept = async (library: Store) => {
    const after = new Map((await captions(library)).map((each) => [each.id, each]));
    expect(after.size).toBe(22);
    const confirmed = [...after.values()].filter((each) => each.confirmed).map(({ id }) => id);
    expect(confirmed.sort()).toEqual(['c4', 'c5']);
    for (const [i, { id }] of read.entries()) expect(after.get(id)?.itm).toBe(i / 20);
    expect([after.get('own')?.itm, after.get('another')?.itm]).toEqual([null, null]);
  };
  await expectKept(store);
  await store.close();
  await expectKept(await openLibrary(folder));
});

test('scores are appended once for each caption, picture and model', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  await store.addImports([importedFile('/a', newContent(1))]);
  await store.addCaptions(newBatch('caption'), [
    machineCaption('c', asset, picture),
    personCaption('own', asset),
  ]);
  const { scores } = store.tables;
  await scores.append([score('c', 0.5), score('c', 0.6)]);
  const [first] = (await scores.of(['c'])).get('c') ?? [];
  await scores.append([
    score('c', 0.1),
    score('c', 0.9, { modelId: 'matcher@2', createdAt: '2026-02-01' }),
    score('c', 0.2, { pictureId: pixelsId(2), createdAt: '2027-01-01' }),
    score('c', 0.3, { modelId: null, createdAt: '2025-01-01' }),
  ]);
  const rows = (await scores.of(['c'])).get('c') ?? [];
  expect(rows.map(({ modelId, pictureId }) => [modelId, pictureId])).toEqual([
    ['matcher@1', pixelsId(2)],
    ['matcher@2', picture],
    ['matcher@1', picture],
    [null, picture],
  ]);
  // The first is as it was, whatever came later.
  expect(rows[2]).toEqual(first);
  expect(await scores.table.countRows()).toBe(4);
  // Shown is the newest of the picture.
  expect((await captions(store)).find(({ id }) => id === 'c')).toMatchObject({
    itm: 0.9,
    itmModelId: 'matcher@2',
  });
  await store.close();

  const again = await openLibrary(folder);
  await again.tables.scores.append([score('c', 0.1)]);
  expect(await again.tables.scores.table.countRows()).toBe(4);
});

test('a photo awaits the score of a model until each of its captions has one', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  const awaiting = (library: Store, modelId: string) =>
    [1, 2, 3].filter((n) => library.awaitsScore(pixelsId(n), modelId));
  expect(awaiting(store, 'matcher@1')).toEqual([]);
  await store.addCaptions(newBatch('caption'), [
    machineCaption('c', asset, picture),
    machineCaption('d', contentId(2), pixelsId(2)),
    machineCaption('of an earlier picture', asset, pixelsId(9)),
  ]);
  expect(awaiting(store, 'matcher@1')).toEqual([1, 2]);
  await store.tables.scores.append([score('c', 0.5), score('d', 0.5)]);
  // That score of "d" was of another picture.
  expect(awaiting(store, 'matcher@1')).toEqual([2]);
  expect(awaiting(store, 'matcher@2')).toEqual([1, 2]);
  await store.addCaptions(newBatch('person'), [personCaption('own', asset)]);
  expect(awaiting(store, 'matcher@1')).toEqual([1, 2]);
  await store.tables.scores.append([score('own', 0.1)]);
  // Edited in its place, what a person said of it is scored again.
  expect(awaiting(store, 'matcher@1')).toEqual([2]);
  await store.close();
  const again = await openLibrary(folder);
  expect(awaiting(again, 'matcher@1')).toEqual([2]);
  await again.addImports([importedFile('/a', newContent(3))]);
  expect(awaiting(again, 'matcher@1')).toEqual([2, 3]);
});

test('decisions hold in the order they were made, and the journal tells what held before', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  await store.addImports([importedFile('/a', newContent(1))]);
  const batch = newBatch('person');
  await store.addCaptions(batch, [personCaption('own', asset, { text: 'a quay' })]);
  await store.addCaptions(batch, [personCaption('own', asset, { text: 'again' })]);
  const decision = { captionId: 'own', assetId: asset, by: 'person', reason: null };
  await store.decide(batch, { ...decision, verdict: 'confirmed', reason: 'seen' });
  await store.decide(batch, { ...decision, verdict: 'withdrawn' });
  await store.decide(newBatch('person'), { ...decision, verdict: 'confirmed' });
  await store.close();

  const again = await openLibrary(folder);
  expect(await captions(again)).toMatchObject([{ id: 'own', text: 'a quay', confirmed: true }]);
  expect(await again.tables.verdicts.table.countRows()).toBe(3);
  const rows = await again.tables.journal.ofBatch(batch.id);
  expect(rows.map(({ kind, subject, actor }) => [kind, subject, actor])).toEqual([
    ['caption-added', 'own', 'person'],
    ['verdict', 'own', 'person'],
    ['verdict', 'own', 'person'],
  ]);
  expect(rows.map(({ before }) => before)).toEqual([
    null,
    null,
    { verdict: 'confirmed', by: 'person' },
  ]);
  expect(rows.map(({ after }) => after)).toEqual([
    { text: 'a quay', origin: 'person' },
    { verdict: 'confirmed', by: 'person', reason: 'seen' },
    { verdict: 'withdrawn', by: 'person', reason: null },
  ]);
});

test('repeating a write doubles nothing, within one opening and over two', async () => {
  const folder = temporaryFolder();
  const batch = [
    importedFile('/a', newContent(1), { 'XMP-dc:Description': 'A quay' }),
    importedFile('/b', newContent(2)),
    importedFile('/b', newContent(2)),
    knownFile('/c', asset),
  ];
  for (let opening = 0; opening < 2; opening += 1) {
    const store = await openLibrary(folder);
    await Promise.all([store.addImports(batch), store.addImports(batch)]);
    const own = personCaption('own', asset);
    await Promise.all([0, 1].map(() => store.addCaptions(newBatch('person'), [own, own])));
    const vectors = await store.vectors('starter@1', 2);
    const vector = Float32Array.of(0.6, 0.8);
    await Promise.all([0, 1].map(() => vectors.append([{ pictureId: picture, vector }])));
    expect([...store.photos().keys()].sort()).toEqual([asset, contentId(2)]);
    expect(await store.tables.captions.table.countRows()).toBe(2);
    expect(await store.tables.contents.table.countRows()).toBe(2);
    expect(await store.tables.files.table.countRows()).toBe(3);
    expect(await vectors.nearest(vector, 10)).toHaveLength(1);
    await store.close();
  }
});

test('the timeline shows photos that have a file, newest first', async () => {
  const store = await openLibrary();
  await store.addImports([
    importedFile('/4', newContent(4, { takenSeconds: 10 })),
    importedFile('/1', newContent(1, { takenSeconds: 10 })),
    importedFile(
      '/2',
      newContent(2, { takenSeconds: 30, width: 100, height: 200, colour: 0xff0000 }),
    ),
    knownFile('/2b', contentId(2)),
    importedFile('/3', newContent(3, { takenSeconds: 20 })),
  ]);
  const vanish = async (path: string) => {
    const row = store.tables.files.get(path);
    await setMissing(store.tables, row === undefined ? [] : [row], 'vanished');
  };
  await vanish('/3');
  expect(store.timeline()).toEqual({
    ids: [contentId(2), contentId(1), contentId(4)],
    ratios: [0.5, 400 / 300, 400 / 300],
    taken: [30, 10, 10],
    precisions: [null, null, null],
    colours: [0xff0000, 0x102030, 0x102030],
    versions: Array.from({ length: 3 }, () => expect.any(String)),
  });
  await vanish('/2');
  expect(store.timeline().ids).toContain(contentId(2));
  await vanish('/2b');
  expect(store.timeline().ids).toEqual([contentId(1), contentId(4)]);
});

test('of photos of one instant the less precisely dated come later, so that their day, month and year end with them', async () => {
  const store = await openLibrary();
  const dates = ['1978', '1978-01-01T00:00:00', '1978-01', '1978-01-01', '1977-12-31', '1978'];
  await store.addImports(
    dates.map((takenText, n) => {
      const takenSeconds = Date.parse(takenText.includes('T') ? `${takenText}Z` : takenText) / 1000;
      return importedFile(`/${n}`, newContent(n, { takenText, takenSeconds }));
    }),
  );
  const { ids, precisions } = store.timeline();
  expect(precisions).toEqual(['time', 'day', 'month', 'year', 'year', 'day']);
  expect(ids).toEqual([1, 3, 2, 0, 5, 4].map((n) => contentId(n)));
});

test('a photo whose copy lost its date keeps it', async () => {
  const store = await openLibrary();
  const dated = newContent(1, { takenSeconds: 10, takenText: '1970-01-01T00:00:10' });
  const copy = newContent(2, { pixels: pixelsId(1), takenSeconds: 99 });
  await store.addImports([importedFile('/1', dated)]);
  await store.addImports([importedFile('/copy', copy)]);
  expect(store.timeline()).toMatchObject({ taken: [10], precisions: ['time'] });
});

test('the nearest photos are those on show', async () => {
  const store = await openLibrary();
  const vectors = await store.vectors('starter@1', 2);
  await vectors.append(
    Array.from({ length: 50 }, (_, n) => ({
      pictureId: pixelsId(n),
      vector: Float32Array.of(Math.cos(n / 50), Math.sin(n / 50)),
    })),
  );
  await store.addImports([
    importedFile('/40', newContent(40)),
    importedFile('/30', newContent(30)),
    importedFile('/20', newContent(20)),
  ]);
  const found = await store.nearest(vectors, Float32Array.of(1, 0), 2);
  expect(found.map(({ assetId }) => assetId)).toEqual([contentId(20), contentId(30)]);
  expect(found[0].cosine).toBeCloseTo(Math.cos(20 / 50), 5);
});

test('the revision moves with every change, that of the photos only with theirs', async () => {
  const store = await openLibrary();
  const changes = async (act: () => Promise<unknown>) => {
    const before = { any: store.revision, photos: store.photosRevision };
    await act();
    return { any: store.revision > before.any, photos: store.photosRevision > before.photos };
  };
  const file = importedFile('/a', newContent(1));
  expect(await changes(() => store.addImports([file]))).toEqual({ any: true, photos: true });
  const own = personCaption('own', asset);
  const captioned = await changes(() => store.addCaptions(newBatch('person'), [own]));
  expect(captioned).toEqual({ any: true, photos: false });
  expect(await changes(() => store.captionsOf([asset]))).toEqual({ any: false, photos: false });
});
