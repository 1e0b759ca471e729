import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exiftool } from 'exiftool-vendored';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { HashModel } from '../support/hash-model.ts';
import { countRows } from '../support/library-contents.ts';
import { makeJpeg, makePhotos } from '../support/photo-folder.ts';

let folder: string;
let library: string;
let photos: string;
let engine: Engine;
let model: HashModel;

async function open(): Promise<void> {
  model.disposed = false;
  engine = await openEngine({
    libraryFolder: library,
    emit: () => {},
    loadModel: async () => model,
  });
}

/** What must outlive whatever is done to the files: by photo, what the model made of it. */
async function machineWork() {
  const { store, handlers } = engine;
  const { ids } = await handlers['photos/timeline'](null);
  const vectors = await store.vectors(model.info.id, model.info.embeddingSize);
  const work = ids.toSorted().map(async (id) => {
    const { captions } = await handlers['photos/get']({ id });
    const pictureId = store.photos().get(id)?.pictureId ?? '';
    const vector = (await vectors.get([pictureId])).get(pictureId);
    const machine = captions.filter(({ origin }) => origin === 'machine');
    return [id, { machine, vector: Array.from(vector ?? []) }] as const;
  });
  return Object.fromEntries(await Promise.all(work));
}

/** The id of the photo that this file holds. */
function photoAt(path: string): string {
  const id = engine.store.tables.files.get(path)?.assetId;
  if (id === undefined || id === null) throw new Error(`the library has no photo at ${path}`);
  return id;
}

const detailOf = (path: string) => engine.handlers['photos/get']({ id: photoAt(path) });
const idsShown = async () => (await engine.handlers['photos/timeline'](null)).ids;
const importedIn = ({ captions }: Awaited<ReturnType<typeof detailOf>>) =>
  captions.filter(({ origin }) => origin === 'imported').map(({ text }) => text);

async function expectThumbnails(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { path } = await engine.handlers['photos/file']({ id, rendition: 'thumbnail' });
    expect((await readFile(path)).subarray(8, 12).toString()).toBe('WEBP');
  }
}

/** Writes into a file what another program would. */
async function describePhoto(path: string, caption: string, keyword: string): Promise<void> {
  const tags = { 'XMP-dc:Description': caption, 'XMP-dc:Subject': [keyword] };
  await exiftool.write(path, tags as object, ['-overwrite_original']);
}

/** Walks the folders of the library again, as its start does, whether or not they are there. */
async function walkAgain(): Promise<void> {
  engine.jobs.rescan(photos);
  await engine.idle();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-identity-'));
  library = join(folder, 'library');
  photos = join(folder, 'photos');
  model = new HashModel();
  await open();
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => exiftool.end());

describe('sixty photos', () => {
  it(
    'keep their ids, captions and vectors through edits, renames, moves and an unplugged disk',
    { timeout: 120_000 },
    async () => {
      const paths = await makePhotos(photos, 60);
      await indexFolder(engine, photos);
      const before = await machineWork();
      expect(Object.keys(before)).toHaveLength(60);
      const idOf = new Map(paths.map((path) => [path, photoAt(path)]));

      /** Indexes again, and sees that nothing was made anew. */
      async function expectTheSame(): Promise<void> {
        const summary = await indexFolder(engine, photos);
        expect(summary).toMatchObject({ photos: 60, embedded: 0, captioned: 0, failed: [] });
        expect(await machineWork()).toEqual(before);
        expect([model.encoded, model.captioned]).toEqual([60, 60]);
      }

      const described = paths.slice(0, 10);
      for (const path of described) await describePhoto(path, `On ${basename(path)}`, 'summer');
      await expectTheSame();
      for (const path of described) {
        const detail = await detailOf(path);
        expect(detail.id).toBe(idOf.get(path));
        expect(importedIn(detail)).toEqual([`On ${basename(path)}`]);
        expect(detail.keywords).toEqual(['summer']);
      }

      // Some of them are among those that say something of themselves since.
      const renamed = paths
        .slice(8, 13)
        .map((path) => [path, path.replace('photo 00', 'holiday 00')]);
      for (const [path, to] of renamed) await rename(path, to);
      await expectTheSame();
      for (const [path, to] of renamed) expect(photoAt(to)).toBe(idOf.get(path));

      const elsewhere = join(photos, 'elsewhere');
      await mkdir(elsewhere);
      const moved = paths.slice(20, 25).map((path) => [path, join(elsewhere, basename(path))]);
      for (const [path, to] of moved) await rename(path, to);
      await expectTheSame();
      for (const [path, to] of moved) expect(photoAt(to)).toBe(idOf.get(path));
      const changes = await engine.store.tables.journal.table.all();
      const moves = changes.filter(({ kind }) => kind === 'file-moved');
      expect(moves.map(({ before, after }) => [before?.['path'], after?.['path']]).sort()).toEqual(
        [...renamed, ...moved].sort(),
      );

      const disk = join(photos, 'album 5');
      await rename(disk, join(folder, 'unplugged'));
      await indexFolder(engine, photos);
      expect(await idsShown()).toHaveLength(50);
      expect(engine.store.tables.assets.ids().size).toBe(60);
      await rename(join(folder, 'unplugged'), disk);
      await expectTheSame();

      // What is on disk says the same as what was held in memory.
      await engine.close();
      await open();
      await expectTheSame();
      expect(engine.store.tables.assets.ids().size).toBe(60);
      expect(importedIn(await detailOf(renamed[0][1]))).toEqual(['On photo 0008.jpg']);
      await expectThumbnails(await idsShown());
    },
  );
});

describe('a photo', () => {
  let first: string;
  let second: string;
  beforeEach(async () => {
    [first, second] = await makePhotos(photos, 6);
    await indexFolder(engine, photos);
  });

  it('keeps its id when it is written into and moved at once', async () => {
    const id = photoAt(first);
    const to = join(photos, 'new.jpg');
    await describePhoto(first, 'A quay', 'sea');
    await rename(first, to);
    await indexFolder(engine, photos);
    expect(photoAt(to)).toBe(id);
    expect(importedIn(await detailOf(to))).toEqual(['A quay']);
    expect(await idsShown()).toHaveLength(6);
    expect(model.encoded).toBe(6);
  });

  it('keeps its id when it takes the name of another, and that one its own', async () => {
    const [one, two] = [photoAt(first), photoAt(second)];
    const aside = join(folder, 'aside.jpg');
    await rename(first, aside);
    await rename(second, first);
    await rename(aside, second);
    await indexFolder(engine, photos);
    expect([photoAt(first), photoAt(second)]).toEqual([two, one]);
    expect(model.encoded).toBe(6);
  });

  it('shows another caption once its file says another, and the old one no more', async () => {
    await describePhoto(first, 'A quay', 'sea');
    await indexFolder(engine, photos);
    await describePhoto(first, 'A quay at dawn', 'sea');
    await indexFolder(engine, photos);
    expect(importedIn(await detailOf(first))).toEqual(['A quay at dawn']);
  });

  it('is one with its copy, also once the copy says something of itself', async () => {
    const copy = join(photos, 'copy.jpg');
    await copyFile(first, copy);
    await indexFolder(engine, photos);
    expect((await detailOf(first)).files.map(({ path }) => path)).toEqual([first, copy].toSorted());

    await describePhoto(copy, 'A quay', 'sea');
    await indexFolder(engine, photos);
    expect(photoAt(copy)).toBe(photoAt(first));
    expect(importedIn(await detailOf(first))).toEqual(['A quay']);
    expect(model.encoded).toBe(6);
  });

  it('stays what it was when its copy is painted over', async () => {
    const [id, before] = [photoAt(first), await machineWork()];
    const copy = join(photos, 'copy.jpg');
    await copyFile(first, copy);
    await indexFolder(engine, photos);
    await writeFile(copy, await makeJpeg(777));
    await indexFolder(engine, photos);
    expect(photoAt(first)).toBe(id);
    expect(photoAt(copy)).not.toBe(id);
    expect(await machineWork()).toMatchObject(before);
    expect(await idsShown()).toHaveLength(7);
    expect([model.encoded, model.captioned]).toEqual([7, 7]);
  });

  it('has a new caption and vector under its id when it is painted over in its place', async () => {
    const id = photoAt(first);
    const before = await machineWork();
    const { photosRevision } = await engine.handlers['library/info'](null);
    await writeFile(first, await makeJpeg(4711));
    await indexFolder(engine, photos);
    expect(photoAt(first)).toBe(id);
    expect([model.encoded, model.captioned]).toEqual([7, 7]);

    const after = await machineWork();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    const [caption] = after[id].machine;
    expect(after[id].machine).toHaveLength(1);
    expect(caption.text).not.toBe(before[id].machine[0].text);
    expect(after[id].vector).toHaveLength(model.info.embeddingSize);
    expect(after[id].vector).not.toEqual(before[id].vector);
    expect({ ...after, [id]: null }).toEqual({ ...before, [id]: null });
    // A page that shows it knows that it is to be read again.
    const info = await engine.handlers['library/info'](null);
    expect(info.photosRevision).toBeGreaterThan(photosRevision);
    await expectThumbnails([id]);
  });

  it('comes back to the caption and vector it had when a painting is undone', async () => {
    const before = await machineWork();
    const bytes = await readFile(first);
    await writeFile(first, await makeJpeg(4711));
    await indexFolder(engine, photos);
    await writeFile(first, bytes);
    await indexFolder(engine, photos);
    expect(await machineWork()).toEqual(before);
    expect([model.encoded, model.captioned]).toEqual([7, 7]);
  });
});

describe('a folder of photos that is not there', () => {
  it('leaves its photos in the library, as missing, and has them back', async () => {
    await makePhotos(photos, 12);
    await indexFolder(engine, photos);
    const [ids, before] = [await idsShown(), await machineWork()];
    const missing = async () => {
      const labels = await engine.handlers['photos/labels']({ ids });
      return labels.filter((label) => label.missing).length;
    };
    await rename(photos, join(folder, 'unplugged'));
    await walkAgain();
    expect(await idsShown()).toEqual(ids);
    expect(await missing()).toBe(12);
    expect(await engine.handlers['library/info'](null)).toMatchObject({ photos: 12, missing: 12 });
    expect(await engine.handlers['photos/get']({ id: ids[0] })).toMatchObject({ missing: true });
    expect(await machineWork()).toEqual(before);
    await expectThumbnails(ids);

    // Nor does a restart forget it.
    await engine.close();
    await open();
    engine.start();
    await engine.idle();
    expect(await idsShown()).toEqual(ids);

    await rename(join(folder, 'unplugged'), photos);
    await walkAgain();
    expect(await idsShown()).toEqual(ids);
    expect(await missing()).toBe(0);
    expect(await machineWork()).toEqual(before);
    expect([model.encoded, model.captioned]).toEqual([12, 12]);
  });
});

describe('Retry', () => {
  it('deletes no row', async () => {
    const [broken] = await makePhotos(photos, 8);
    await indexFolder(engine, photos);
    const id = photoAt(broken);
    await truncate(broken, 400);
    await indexFolder(engine, photos);
    expect(await engine.handlers['activity/failures'](null)).toMatchObject([{ file: broken }]);
    const rows = await countRows(engine.store.paths.database);
    const shown = await idsShown();

    await engine.handlers['activity/retry'](null);
    await engine.idle();
    expect(await countRows(engine.store.paths.database)).toEqual(rows);
    expect(await engine.handlers['activity/failures'](null)).toMatchObject([{ file: broken }]);
    // A file that cannot be read just now shows as it was.
    expect(await idsShown()).toEqual(shown);
    expect(shown).toContain(id);
  });
});
