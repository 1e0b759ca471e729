import { cp, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { CaptionOrigin } from '#shared/schemas/photos.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { HashModel } from '../support/hash-model.ts';

const fixture = join(import.meta.dirname, '../fixtures/library-2');
/** Where the photos of the fixture lay when its library was made, and what their times were. */
const home = '/tmp/medley-schema-2';
const photos = join(home, 'photos');
const written = new Date('2024-05-06T07:08:09Z');

const Expected = z.object({
  modelId: z.string(),
  files: z.record(z.string(), z.string().nullable()),
  timeline: z.object({ ids: z.array(z.string()), taken: z.array(z.number()) }),
  captions: z.record(
    z.string(),
    z.array(
      z.object({
        id: z.string(),
        text: z.string(),
        origin: CaptionOrigin,
        itmModelId: z.string().nullable(),
        confirmed: z.boolean(),
      }),
    ),
  ),
  vectors: z.record(z.string(), z.array(z.number())),
});

let folder: string;
let engine: Engine;
let model: HashModel;
let expected: z.infer<typeof Expected>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-migrated-'));
  await rm(home, { recursive: true, force: true });
  await cp(join(fixture, 'photos'), photos, { recursive: true });
  for (const name of await readdir(photos, { recursive: true })) {
    await utimes(join(photos, name), written, written);
  }
  await cp(join(fixture, 'library'), join(folder, 'library'), { recursive: true });
  expected = Expected.parse(JSON.parse(await readFile(join(fixture, 'expected.json'), 'utf8')));
  model = new HashModel();
  // It stands in for the model that made the library: what that did counts as done.
  model.info.id = expected.modelId;
  model.info.imageId = expected.modelId;
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: () => {},
    loadModel: async () => model,
  });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

it('has its photos read again by the next walk, and none embedded or captioned again', async () => {
  const { store, handlers } = engine;
  const summary = await indexFolder(engine, photos);
  expect(summary).toMatchObject({ photos: 8, embedded: 0, captioned: 0 });
  expect(summary.failed.map(({ file }) => file)).toEqual([join(photos, 'broken.jpg')]);

  const { ids, taken, precisions } = await handlers['photos/timeline'](null);
  // That code showed undated photos among the others.
  const before = expected.timeline.ids.map((id, at) => ({
    id,
    taken: expected.timeline.taken[at],
  }));
  const shown = ids.map((id, at) => ({ id, taken: taken[at] }));
  expect(shown.toSorted((a, b) => b.taken - a.taken || (a.id < b.id ? -1 : 1))).toEqual(before);
  const dated = precisions.filter((each) => each !== null).length;
  expect(dated).toBe(2);
  expect(precisions.lastIndexOf('time')).toBe(dated - 1);
  for (const [path, id] of Object.entries(expected.files)) {
    expect(store.tables.files.get(path)?.assetId, path).toBe(id);
  }
  for (const id of ids) {
    const { captions } = await handlers['photos/get']({ id });
    const facts = captions.map(({ id: captionId, text, origin, confirmed }) => ({
      id: captionId,
      text,
      origin,
      confirmed,
    }));
    const before = (expected.captions[id] ?? []).map(
      ({ id: captionId, text, origin, confirmed }) => ({ id: captionId, text, origin, confirmed }),
    );
    const inOrder = (rows: readonly { id: string }[]) =>
      rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(inOrder(facts)).toEqual(inOrder(before));
  }

  const vectors = await store.vectors(expected.modelId, model.info.embeddingSize);
  expect(vectors.pictureIds().size).toBe(8);
  for (const [id, vector] of Object.entries(expected.vectors)) {
    const pictureId = store.photos().get(id)?.pictureId ?? '';
    expect(Array.from((await vectors.get([pictureId])).get(pictureId) ?? [])).toEqual(vector);
  }
  // Only what this model had never scored or, of people and files, held against its picture.
  const looked = Object.values(expected.captions).filter((captions) =>
    captions.some(
      ({ itmModelId, origin }) => itmModelId !== expected.modelId || origin !== 'machine',
    ),
  );
  expect(model.encoded).toBe(looked.length);
});

it('knows since then what each file says, and what it shows', async () => {
  const { store } = engine;
  const { contents, observations } = store.tables;
  expect([...contents.all()].filter(({ metadataRead }) => metadataRead)).toEqual([]);
  await indexFolder(engine, photos);
  const all = [...contents.all()];
  expect(all).toHaveLength(8);
  expect(all.every(({ metadataRead, pixels }) => metadataRead && pixels !== null)).toBe(true);

  const hill = store.tables.files.get(join(photos, 'hill.jpg'))?.contentId ?? '';
  const said = (await observations.of([hill])).get(hill) ?? [];
  expect(said.map(({ field, value }) => [field, value])).toContainEqual([
    'ExifIFD:DateTimeOriginal',
    '2020:01:02 03:04:05',
  ]);
  // Each imported caption names where it was said.
  const imported = (await store.tables.captions.table.all()).filter(
    ({ origin }) => origin === 'imported',
  );
  expect(imported.length).toBeGreaterThan(0);
  const known = new Set((await observations.table.all()).map(({ id }) => id));
  for (const { observationIds } of imported) {
    expect(observationIds.filter((id) => known.has(id)).length).toBeGreaterThan(0);
  }

  // Once is enough.
  const again = await indexFolder(engine, photos);
  expect(again).toMatchObject({ skipped: 10, embedded: 0, captioned: 0 });
});
