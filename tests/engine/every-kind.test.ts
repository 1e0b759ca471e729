import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder, type IndexSummary } from '#main/engine/index-folder.ts';
import { makeEveryKindFolder, type ExpectedFolder } from '../support/every-kind-folder.ts';
import { HashModel } from '../support/hash-model.ts';

let root: string;
let photos: string;
let engine: Engine;
let expected: ExpectedFolder;
let summary: IndexSummary;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'medley-every-kind-')));
  photos = join(root, 'photos');
  await mkdir(photos);
  expected = await makeEveryKindFolder(photos);
  engine = await openEngine({
    libraryFolder: join(root, 'library'),
    emit: () => {},
    loadModel: async () => new HashModel(),
  });
  summary = await indexFolder(engine, photos);
});
afterAll(async () => {
  await engine?.close();
  await rm(root, { recursive: true, force: true });
});

async function detailOf(path: string) {
  const id = engine.store.tables.files.get(join(photos, path))?.assetId;
  if (!id) throw new Error(`the library has no photo at ${path}`);
  return await engine.handlers['photos/get']({ id });
}

describe('a folder of photos of every kind', () => {
  it('gives a photo for each, and fails on none', () => {
    expect(summary.failed).toEqual([]);
    expect(summary.photos).toBe(expected.photos.length);
  });

  it('is known with its dates, words, places and files', async () => {
    for (const photo of expected.photos) {
      const [[path]] = photo.files;
      const detail = await detailOf(path);
      const said = detail.captions.filter(({ origin }) => origin === 'imported');
      expect
        .soft(
          {
            files: detail.files.map((file) => [relative(photos, file.path), file.role]).sort(),
            taken: detail.taken && [detail.taken.text, detail.taken.source],
            captions: said.map(({ text, field, file }) => [text, field, file && basename(file)]),
            keywords: detail.keywords,
            place: detail.location,
            notices: detail.notices,
          },
          path,
        )
        .toEqual({
          files: photo.files.toSorted(),
          taken: photo.taken,
          captions: photo.captions,
          keywords: photo.keywords,
          place: photo.place && {
            latitude: expect.closeTo(photo.place.latitude, 4),
            longitude: expect.closeTo(photo.place.longitude, 4),
          },
          notices: photo.notices.map((notice) => expect.stringMatching(notice)),
        });
    }
  });

  it('names what it leaves out', () => {
    const told = summary.unsupported.map(({ file, kind }) => [relative(photos, file), kind]);
    expect(Object.fromEntries(told)).toEqual(expected.unsupported);
  });
});
