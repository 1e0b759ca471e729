import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorCodes } from '#shared/errors.ts';
import type { CaptionRow } from '#main/store/caption-table.ts';
import type { FileRow } from '#main/store/file-table.ts';
import type { PhotoRow } from '#main/store/photo-table.ts';
import { openStore } from '#main/store/store.ts';
import { caption, file, idOf, photo } from './rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !value.includes('\0'));
const maybeText = fc.option(text);
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const int = fc.nat({ max: 2 ** 31 - 1 });
const id = fc.nat({ max: 1e9 }).map(idOf);

const photoRow: fc.Arbitrary<PhotoRow> = fc.record({
  id,
  format: fc.constantFrom('jpeg', 'png', 'tiff'),
  bytes: fc.maxSafeNat(),
  width: int,
  height: int,
  takenSeconds: real,
  takenText: maybeText,
  camera: maybeText,
  lens: maybeText,
  exposure: maybeText,
  latitude: fc.option(real),
  longitude: fc.option(real),
  keywords: fc.array(text, { maxLength: 4 }),
  colour: fc.nat({ max: 0xffffff }),
  addedAt: text,
});

const captionRow: fc.Arbitrary<CaptionRow> = fc.record({
  id,
  photoId: id,
  text,
  origin: fc.constantFrom('person', 'imported', 'machine'),
  field: maybeText,
  modelId: maybeText,
  decoding: fc.option(
    fc.record({
      method: fc.constantFrom('greedy', 'beam', 'nucleus'),
      prompt: text,
      minLength: int,
      maxLength: int,
      repetitionPenalty: real.map((value) => (Object.is(value, -0) ? 0 : value)),
    }),
  ),
  itm: fc.option(real),
  itmModelId: maybeText,
  createdAt: text,
  confirmed: fc.boolean(),
});

const fileRow: fc.Arbitrary<FileRow> = fc.record({
  path: text,
  root: text,
  size: fc.maxSafeNat(),
  mtimeMs: real,
  photoId: fc.option(id),
  failure: fc.option(
    fc.record({
      stage: fc.constantFrom('scan', 'thumbnail', 'embed', 'caption'),
      code: fc.constantFrom(...errorCodes),
      message: text,
    }),
  ),
});

function many<T>(row: fc.Arbitrary<T>, key: (row: T) => string): T[] {
  const [rows] = fc.sample(fc.uniqueArray(row, { selector: key, minLength: 200, maxLength: 200 }), {
    numRuns: 1,
    seed: 7,
  });
  return rows;
}

test('rows of every table come back from disk as they went in', async () => {
  const folder = temporaryFolder();
  const photos = many(photoRow, (row) => row.id);
  const captions = many(captionRow, (row) => row.id);
  const files = many(fileRow, (row) => row.path);
  const first = await openStore(folder);
  await first.addImports({ photos, captions, files });
  await first.close();

  const store = await openStore(folder);
  const readPhotos = await store.photos.get(photos.map((row) => row.id));
  for (const row of photos) expect(readPhotos.get(row.id)).toEqual(row);
  const readCaptions = [...(await store.captions.of(captions.map((row) => row.photoId))).values()];
  const byId = new Map(readCaptions.flat().map((row) => [row.id, row]));
  for (const row of captions) expect(byId.get(row.id)).toEqual(row);
  for (const row of files) expect(store.files.get(row.path)).toEqual(row);
  expect(store.files.size).toBe(files.length);
  await store.close();
});

test('files are replaced and removed by path, however odd the path', async () => {
  const folder = temporaryFolder();
  const odd = ["/it's.jpg", 'C:\\a\\', "/\\'.jpg", '/new\nline 😀 "q".jpg', '/%_--.jpg', '/é.jpg'];
  const paths = [...odd, ...many(text, (path) => path)];
  const store = await openStore(folder);
  await store.files.put(paths.map((path) => file(path, idOf(1), { size: 1 })));
  await store.files.put(paths.map((path) => file(path, idOf(2), { size: 2 })));
  expect(store.files.pathsOf(idOf(1))).toEqual([]);
  await store.files.remove(paths.slice(3));
  await store.close();

  const again = await openStore(folder);
  expect([...again.files.all()].map(({ path, size }) => ({ path, size })).sort(byPath)).toEqual(
    paths
      .slice(0, 3)
      .map((path) => ({ path, size: 2 }))
      .sort(byPath),
  );
  expect(again.files.pathsOf(idOf(2))).toEqual(paths.slice(0, 3).sort());
  await again.close();
});

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}

test('repeating a write doubles nothing, within one opening and over two', async () => {
  const folder = temporaryFolder();
  const batch = {
    photos: [photo(idOf(1)), photo(idOf(2)), photo(idOf(1))],
    captions: [caption('c1', idOf(1)), caption('c1', idOf(1))],
    files: [file('/a.jpg', idOf(1)), file('/b.jpg', idOf(2)), file('/b.jpg', idOf(2))],
  };
  for (let opening = 0; opening < 2; opening += 1) {
    const store = await openStore(folder);
    await Promise.all([store.addImports(batch), store.addImports(batch)]);
    const vectors = await store.vectors('starter@1', 2);
    const vector = Float32Array.of(0.6, 0.8);
    await Promise.all([0, 1].map(() => vectors.append([{ photoId: idOf(1), vector }])));
    expect((await store.photos.columns()).ids.sort()).toEqual([idOf(1), idOf(2)]);
    expect((await store.captions.of([idOf(1)])).get(idOf(1))).toHaveLength(1);
    expect(await vectors.nearest(vector, 10)).toHaveLength(1);
    await store.close();
  }
});

test('captions come with the most trusted first, and can be replaced', async () => {
  const store = await openStore(temporaryFolder());
  const rows = [
    caption('machine', idOf(1), { createdAt: '2026-02-01' }),
    caption('old machine', idOf(1), { createdAt: '2025-02-01' }),
    caption('imported', idOf(1), { origin: 'imported', modelId: null }),
    caption('confirmed', idOf(1), { confirmed: true, createdAt: '2020-01-01' }),
    caption('person', idOf(1), { origin: 'person', modelId: null }),
  ];
  await store.captions.append(rows);
  const read = async () => (await store.captions.of([idOf(1)])).get(idOf(1)) ?? [];
  expect((await read()).map((row) => row.id)).toEqual([
    'confirmed',
    'person',
    'imported',
    'machine',
    'old machine',
  ]);
  await store.captions.replace([{ ...rows[2], itm: 0.25 }, caption('unknown', idOf(9))]);
  expect((await read()).map((row) => row.itm)).toEqual([null, null, 0.25, null, null]);
  expect(await store.captions.of([idOf(9)])).toEqual(new Map());
  expect(store.captions.captionedBy('starter@1')).toEqual(new Set([idOf(1)]));
  await store.close();
});

test('a caption awaits the score of every model but the one that gave it last', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  const score = { itm: 0.5, itmModelId: 'matcher@1' };
  const rows = [caption('scored', idOf(1), score), caption('unscored', idOf(2))];
  await store.captions.append(rows);
  const awaiting = ({ captions }: typeof store, modelId: string) =>
    [1, 2, 3].filter((n) => captions.awaitsScore(idOf(n), modelId));
  expect(awaiting(store, 'matcher@1')).toEqual([2]);
  expect(awaiting(store, 'matcher@2')).toEqual([1, 2]);
  await store.captions.append([caption('another', idOf(1))]);
  expect(awaiting(store, 'matcher@1')).toEqual([1, 2]);
  await store.captions.replace([
    caption('another', idOf(1), score),
    { ...rows[1], itm: 0.1, itmModelId: 'matcher@2' },
  ]);
  await store.close();

  const again = await openStore(folder);
  expect(awaiting(again, 'matcher@1')).toEqual([2]);
  expect(awaiting(again, 'matcher@2')).toEqual([1]);
  await again.close();
});

test('the nearest vectors are those of a plain search over all cosines', async () => {
  const store = await openStore(temporaryFolder());
  const vectors = await store.vectors('starter@1', 16);
  const rows = Array.from({ length: 300 }, (_, n) => ({
    photoId: idOf(n),
    vector: Float32Array.from({ length: 16 }, (_, i) => Math.sin(n * 17.3 + i * i * 3.1)),
  }));
  await vectors.append(rows);
  const query = Float32Array.from({ length: 16 }, (_, i) => Math.cos(i * 2.7));
  const expected = rows
    .map(({ photoId, vector }) => ({ photoId, cosine: cosine(vector, query) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, 20);
  const found = await vectors.nearest(query, 20);
  expect(found.map((each) => each.photoId)).toEqual(expected.map((each) => each.photoId));
  found.forEach((each, i) => expect(each.cosine).toBeCloseTo(expected[i].cosine, 5));
  expect((await vectors.get([idOf(5)])).get(idOf(5))).toEqual(rows[5].vector);

  await store.files.put(expected.slice(0, 2).map(({ photoId }) => file(`/${photoId}`, photoId)));
  await store.photos.append(rows.map(({ photoId }) => photo(photoId)));
  const shown = await store.nearest(vectors, query, 5);
  expect(shown.map((each) => each.photoId)).toEqual(
    expected.slice(0, 2).map((each) => each.photoId),
  );
  await store.close();
});

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot / Math.hypot(...a) / Math.hypot(...b);
}

test('an embedding without direction or of the wrong size is refused', async () => {
  const store = await openStore(temporaryFolder());
  const vectors = await store.vectors('starter@1', 2);
  for (const vector of [[0, 0], [1], [Number.NaN, 1], [Infinity, 1]]) {
    const row = { photoId: idOf(1), vector: Float32Array.from(vector) };
    await expect(vectors.append([row])).rejects.toMatchObject({ code: 'internal' });
  }
  expect(vectors.photoIds().size).toBe(0);
  await store.close();
});

test('the timeline shows photos that have a file, newest first', async () => {
  const store = await openStore(temporaryFolder());
  await store.addImports({
    photos: [
      photo(idOf(1), { takenSeconds: 10 }),
      photo(idOf(2), { takenSeconds: 30, width: 100, height: 200, colour: 0xff0000 }),
      photo(idOf(3), { takenSeconds: 20 }),
      photo(idOf(4), { takenSeconds: 10 }),
    ],
    captions: [],
    files: [file('/4', idOf(4)), file('/1', idOf(1)), file('/2', idOf(2)), file('/2b', idOf(2))],
  });
  expect(await store.timeline()).toEqual({
    ids: [idOf(2), idOf(1), idOf(4)],
    ratios: [0.5, 400 / 300, 400 / 300],
    taken: [30, 10, 10],
    colours: [0xff0000, 0x102030, 0x102030],
  });
  expect(store.photosWithout(new Set([idOf(2)])).sort()).toEqual([idOf(1), idOf(4)]);
  await store.files.remove(['/2']);
  expect(store.files.hasPhoto(idOf(2))).toBe(true);
  await store.files.remove(['/2b']);
  expect((await store.timeline()).ids).toEqual([idOf(1), idOf(4)]);
  await store.close();
});

test('failures are listed and can be forgotten', async () => {
  const store = await openStore(temporaryFolder());
  const failure = { stage: 'thumbnail', code: 'image-corrupt', message: 'cut short' } as const;
  await store.files.put([file('/bad.jpg', null, { failure }), file('/good.jpg', idOf(1))]);
  expect(store.files.failures().map((row) => row.path)).toEqual(['/bad.jpg']);
  await store.files.forgetFailures();
  expect(store.files.failures()).toEqual([]);
  expect([...store.files.all()].map((row) => row.path)).toEqual(['/good.jpg']);
  await store.close();
});

test('many small writes are compacted without losing a row', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  for (let n = 0; n < 80; n += 1) await store.photos.append([photo(idOf(n))]);
  await store.optimize();
  expect((await store.photos.columns()).ids.sort()).toEqual(
    Array.from({ length: 80 }, (_, n) => idOf(n)),
  );
  await store.close();
});
