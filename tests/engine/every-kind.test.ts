import { basename, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexFolder, type IndexSummary } from '#main/engine/index-folder.ts';
import { makeEveryKindFolder, type ExpectedFolder } from '../support/every-kind-folder.ts';
import { openFolderLibrary, type FolderLibrary } from '../support/folder-library.ts';

let library: FolderLibrary;
let expected: ExpectedFolder;
let summary: IndexSummary;

beforeAll(async () => {
  library = await openFolderLibrary();
  expected = await makeEveryKindFolder(library.photos);
  summary = await indexFolder(library.engine, library.photos);
});
afterAll(() => library.close());

describe('a folder of photos of every kind', () => {
  it('gives a photo for each, and fails on none', () => {
    expect(summary.failed).toEqual([]);
    expect(summary.photos).toBe(expected.photos.length);
  });

  it('is known with its dates, words, places and files', async () => {
    for (const photo of expected.photos) {
      const [[path]] = photo.files;
      const detail = await library.detailOf(library.at(path));
      const said = detail.captions.filter(({ origin }) => origin === 'imported');
      expect
        .soft(
          {
            files: detail.files
              .map((file) => [relative(library.photos, file.path), file.role])
              .sort(),
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
    const told = summary.unsupported.map(({ file, kind }) => [
      relative(library.photos, file),
      kind,
    ]);
    expect(Object.fromEntries(told)).toEqual(expected.unsupported);
  });
});
