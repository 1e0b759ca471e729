import { expect, test } from 'vitest';
import { observationId } from '#main/store/tables/observations.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { Store } from '#main/store/store.ts';
import { openLibrary } from './open-library.ts';
import {
  contentId,
  importedFile,
  machineCaption,
  newContent,
  observations,
  personCaption,
  pixelsId,
} from './rows.ts';

const description = 'XMP-dc:Description';
const asset = contentId(1);

async function captions(store: Store) {
  return (await store.captionsOf([asset])).get(asset) ?? [];
}

async function texts(store: Store): Promise<string[]> {
  return (await captions(store)).map(({ text }) => text);
}

/** The n-th content: the first picture, with other metadata. */
const edited = (n: number) => newContent(n, { pixels: pixelsId(1), keywords: [`edit ${n}`] });

test('captions come with the most trusted first', async () => {
  const store = await openLibrary();
  const said = { [description]: 'imported' };
  await store.addImports([importedFile('/a', newContent(1), said)]);
  await store.addCaptions(newBatch('test'), [
    machineCaption('machine', asset, pixelsId(1), { createdAt: '2026-02-01' }),
    machineCaption('old machine', asset, pixelsId(1), { createdAt: '2025-02-01' }),
    machineCaption('confirmed', asset, pixelsId(1), { createdAt: '2020-01-01' }),
    machineCaption('another picture', asset, pixelsId(9)),
    personCaption('person', asset),
  ]);
  await store.decide(newBatch('person'), {
    captionId: 'confirmed',
    assetId: asset,
    verdict: 'confirmed',
    by: 'person',
    reason: null,
  });
  const inOrder = (await captions(store)).map(({ id, origin }) => {
    return origin === 'imported' ? 'imported' : id;
  });
  expect(inOrder).toEqual(['confirmed', 'person', 'imported', 'machine', 'old machine']);
  expect(store.tables.captions.captionedBy('starter@1')).toEqual(
    new Set([pixelsId(1), pixelsId(9)]),
  );
});

test('observations are named by content, source, field and file; reading again replaces', async () => {
  const store = await openLibrary();
  const ids = [
    observationId(asset, 'embedded', description),
    observationId(asset, 'embedded', 'IFD0:ImageDescription'),
    observationId(asset, 'sidecar', description, '/a.xmp'),
    observationId(asset, 'sidecar', description, '/b.xmp'),
    observationId(contentId(2), 'embedded', description),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  const keywords = { 'IPTC:Keywords': 'harbour' };
  for (const text of ['A quay', 'A pier']) {
    const said = { [description]: text, ...keywords };
    await store.addImports([importedFile('/a', newContent(1), said)]);
  }
  const read = (await store.tables.observations.of([asset, contentId(2)])).get(asset);
  expect(read?.map(({ id }) => id).sort()).toEqual([
    observationId(asset, 'embedded', 'IPTC:Keywords'),
    observationId(asset, 'embedded', description),
  ]);
  expect(read?.find(({ field }) => field === description)).toMatchObject(
    observations(asset, { [description]: 'A pier' })[0],
  );
});

test('values of every kind are observed as they were', async () => {
  const store = await openLibrary();
  const values = ['text', 4.5, true, ['a', 1, { b: null }], '', "it's"];
  const rows = values.map((value, i) => ({
    ...observations(asset, { [`XMP:Field${i}`]: '' })[0],
    value,
  }));
  await store.tables.observations.put(rows);
  const read = (await store.tables.observations.of([asset])).get(asset) ?? [];
  expect(read.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(rows);
});

test('an imported caption names what says it, and shows only while some file does', async () => {
  const store = await openLibrary();
  await store.addImports([
    importedFile('/a', newContent(1), { [description]: 'A quay' }),
    importedFile('/b', edited(2), { [description]: 'A pier' }),
  ]);
  expect((await texts(store)).sort()).toEqual(['A pier', 'A quay']);
  const rows = await store.tables.captions.of([asset]);
  expect(rows.find(({ text }) => text === 'A pier')).toMatchObject({
    origin: 'imported',
    field: description,
    pictureId: null,
    observationIds: [observationId(contentId(2), 'embedded', description)],
  });

  await store.addImports([importedFile('/a', edited(3), {})]);
  expect(await texts(store)).toEqual(['A pier']);
  await store.addImports([importedFile('/b', edited(4), { [description]: 'A quay' })]);
  expect(await texts(store)).toEqual(['A quay']);
  expect(await store.tables.captions.table.countRows()).toBe(2);
});

test('a caption that another field says too is another caption', async () => {
  const store = await openLibrary();
  const said = { [description]: 'A quay', 'IFD0:ImageDescription': 'A quay' };
  await store.addImports([importedFile('/a', newContent(1), said)]);
  expect((await captions(store)).map(({ field }) => field).sort()).toEqual(
    Object.keys(said).toSorted(),
  );
});

test('an edit that leaves the caption as it was keeps its id, score and confirmation', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1), { [description]: 'A quay' })]);
  const [{ id }] = await captions(store);
  const score = { captionId: id, pictureId: pixelsId(1), modelId: 'matcher@1', value: 0.75 };
  await store.tables.scores.append([{ ...score, createdAt: '2026-03-01' }]);
  await store.decide(newBatch('person'), {
    captionId: id,
    assetId: asset,
    verdict: 'confirmed',
    by: 'person',
    reason: null,
  });
  const before = await captions(store);
  expect(before).toMatchObject([{ id, itm: 0.75, itmModelId: 'matcher@1', confirmed: true }]);
  await store.addImports([importedFile('/a', edited(2), { [description]: 'A quay' })]);
  expect(await captions(store)).toEqual(before);
  expect((await store.tables.captions.of([asset]))[0].observationIds).toEqual(
    [1, 2].map((n) => observationId(contentId(n), 'embedded', description)),
  );
  expect(store.awaitsScore(pixelsId(1), 'matcher@1')).toBe(false);
});

test('a caption that reading again finds no more is not shown', async () => {
  const store = await openLibrary();
  const first = { [description]: 'A quay', 'IFD0:ImageDescription': 'Same' };
  await store.addImports([importedFile('/a', newContent(1), first)]);
  const again = { [description]: 'A pier', 'IFD0:ImageDescription': 'Same' };
  await store.addImports([importedFile('/a', newContent(1), again)]);
  expect((await texts(store)).sort()).toEqual(['A pier', 'Same']);
  await store.addImports([importedFile('/a', newContent(1), { [description]: 'A quay' })]);
  expect(await texts(store)).toEqual(['A quay']);
  // What could not be read says nothing.
  await store.addImports([importedFile('/a', newContent(1, { metadataRead: false }))]);
  expect(await texts(store)).toEqual(['A quay']);
});

test('a machine speaks of a picture, a person of the photo', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  await store.addCaptions(newBatch('test'), [
    machineCaption('machine', asset, pixelsId(1)),
    personCaption('person', asset),
  ]);
  const ids = async () => (await captions(store)).map(({ id }) => id);
  await store.addImports([importedFile('/a', newContent(2))]);
  expect(await ids()).toEqual(['person']);
  await store.addImports([importedFile('/a', newContent(1))]);
  expect(await ids()).toEqual(['person', 'machine']);
});

test('what a photo says comes in the order in which it is trusted', async () => {
  const store = await openLibrary();
  const said = { 'XMP-dc:Title': 'Quay', 'IFD0:ImageDescription': 'A quay', [description]: 'B' };
  await store.addImports([importedFile('/a', newContent(1), said)]);
  expect(await texts(store)).toEqual(['Quay', 'A quay', 'B']);
  const otherwise = { [description]: 'B', 'IFD0:ImageDescription': 'A quay' };
  await store.addImports([importedFile('/a', newContent(1), otherwise)]);
  expect(await texts(store)).toEqual(['B', 'A quay']);
});

test('what a camera writes on hundreds of its photos is no caption', async () => {
  const store = await openLibrary();
  const photo = (n: number, text: string) => {
    const day = String(1 + (n % 28)).padStart(2, '0');
    const shot = { camera: 'ACME One', takenText: `2020-01-${day}T10:00:00` };
    return importedFile(`/${n}`, newContent(n, shot), { [description]: text });
  };
  const ours = Array.from({ length: 250 }, (_, n) => photo(n + 1, 'ACME PICTURE'));
  await store.addImports([...ours, photo(300, 'A quay')]);
  await store.compact();
  const shown = await store.captionsOf([contentId(1), contentId(250), contentId(300)]);
  expect([...shown.values()].flat().map(({ text }) => text)).toEqual(['A quay']);
  expect(store.awaitsScore(pixelsId(1), 'matcher@1')).toBe(false);
  expect(store.awaitsScore(pixelsId(300), 'matcher@1')).toBe(true);
});
