import { copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexFolder } from '#main/engine/index-folder.ts';
import { isOtherFile } from '#main/library/other-files.ts';
import { rawFiles } from '../library/foreign/raw-files.ts';
import { drawing, film, layers } from '../support/every-kind-folder.ts';
import { openFolderLibrary, type FolderLibrary } from '../support/folder-library.ts';
import { makeJpeg, makePhotos } from '../support/photo-folder.ts';

let library: FolderLibrary;

beforeEach(async () => {
  library = await openFolderLibrary();
});
afterEach(() => library.close());

const idsShown = async () =>
  (await library.engine.handlers['photos/timeline'](null)).ids.toSorted();
const rowOf = (path: string) => library.engine.store.tables.files.get(path);

/** Files of a photo, as `a.cr2 raw`. */
async function filesOf(path: string): Promise<string[]> {
  const { files } = await library.detailOf(path);
  return files.map((file) => `${basename(file.path)} ${file.role}`);
}

const rawPhoto = async (seed: number) => rawFiles['RAF'](await makeJpeg(seed, 640, 480), 1);

describe('files of all kinds', () => {
  it('are imported by what they are, and named where they are nothing that Medley reads', async () => {
    const pictures = ['noextension', 'photo.jpg~', 'photo.jpg.1', 'photo.jpg_large', 'pano.MPO'];
    for (const [i, name] of [...pictures, 'IMG_2020.HEIC', 'sub/a.png'].entries()) {
      await library.put(name, await makeJpeg(i));
    }
    await library.put('clip.mp4', film);
    await library.put('drawing.svg', drawing);
    await library.put('layers.psd', layers);
    await library.put('scan.jpg', '%PDF-1.7 and so on');
    await library.put('a jpeg called.mov', await makeJpeg(77));
    await library.put('text.jpg', 'Dear diary');
    await library.put('page.jpg_large', '<html>');
    await library.put('notes.txt', 'Dear diary');
    await library.put('Makefile.in', 'all:');
    await library.put('empty', '');
    const summary = await indexFolder(library.engine, library.photos);
    expect(summary).toMatchObject({ photos: 8, embedded: 8 });
    const root = await library.engine.handlers['library/info'](null).then(
      ({ folders }) => folders[0],
    );
    const told = Object.fromEntries(
      summary.unsupported.map(({ file, kind }) => [relative(root, file), kind]),
    );
    expect(told).toEqual({
      'clip.mp4': 'video',
      'drawing.svg': 'svg',
      'layers.psd': 'psd',
      'page.jpg_large': 'unknown',
      'scan.jpg': 'pdf',
    });
    expect(summary.failed.map(({ file }) => basename(file))).toEqual(['text.jpg']);
    const leftOut = await library.engine.handlers['library/left-out'](null);
    expect(leftOut.unsupported).toEqual(summary.unsupported);

    // Nothing is opened again.
    const again = await indexFolder(library.engine, library.photos);
    expect(again).toMatchObject({ photos: 8, skipped: 9, unsupported: summary.unsupported });
    expect(library.model.encoded).toBe(8);

    // What becomes a picture is one.
    await library.put('clip.mp4', await makeJpeg(99));
    await rm(library.at('drawing.svg'));
    const after = await indexFolder(library.engine, library.photos);
    expect(after.photos).toBe(9);
    expect(after.unsupported.map(({ kind }) => kind)).toEqual(['psd', 'unknown', 'pdf']);
  });

  it('are all accounted for, whatever they are called and hold', { timeout: 60_000 }, async () => {
    const jpeg = await makeJpeg(1);
    const holds = [
      jpeg,
      jpeg.subarray(0, 40),
      film,
      Buffer.from(drawing),
      Buffer.from('x'),
      Buffer.alloc(0),
    ];
    const stems = fc.constantFrom('a', 'b', 'a(1)', 'a-edited', 'a.jpg', 'c d');
    const endings = fc.constantFrom(
      ...['', '.jpg', '.JPG', '.heic', '.dng', '.mov', '.mp4', '.xmp', '.json', '.jpg.json'],
      ...['.txt', '.jpg~', '.png_large', '.psd', '.svg', '.wav', '.ts'],
    );
    const file = fc.tuple(stems, endings, fc.nat(holds.length - 1));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 9 }), async (files) => {
        const own = `run ${run++}`;
        const names = new Set(files.map(([stem, ending]) => stem + ending));
        for (const [stem, ending, held] of files)
          await library.put(join(own, stem + ending), holds[held]);
        await mkdir(library.at(own), { recursive: true });
        const { failed } = await indexFolder(library.engine, library.at(own));
        const rows = [...library.engine.store.tables.files.all()].filter(
          ({ path }) => dirname(path) === library.at(own),
        );
        const known = new Set(rows.map(({ path }) => basename(path)));
        for (const name of names) expect(known.has(name) || isOtherFile(name)).toBe(true);
        for (const { path, role, contentId } of rows) {
          const isFailed = failed.some((each) => each.file === path);
          expect(isFailed).toBe(role === 'photo' && contentId === null);
        }
      }),
      { numRuns: 15, seed: 3 },
    );
  });
});

describe('files that go together', () => {
  it('are one photo, and stay it when one of them comes or goes', async () => {
    const raw = await library.put('I.RAF', await rawPhoto(1));
    await indexFolder(library.engine, library.photos);
    const id = library.photoAt(raw);
    expect(await filesOf(raw)).toEqual(['I.RAF photo']);

    const jpeg = await library.put('I.JPG', await makeJpeg(2));
    await library.put('I.xmp', '<x/>');
    await library.put('I.MOV', film);
    expect(await indexFolder(library.engine, library.photos)).toMatchObject({
      photos: 1,
      unsupported: [],
    });
    expect(await idsShown()).toEqual([id]);
    expect(await filesOf(jpeg)).toEqual([
      'I.JPG photo',
      'I.MOV film',
      'I.RAF raw',
      'I.xmp sidecar',
    ]);
    expect(library.engine.store.photos().get(id)?.contentId).toBe(rowOf(jpeg)?.contentId);
    expect(rowOf(raw)).toMatchObject({ role: 'raw', partOf: jpeg, contentId: null, assetId: id });
    expect(await indexFolder(library.engine, library.photos)).toMatchObject({ skipped: 1 });

    await rm(library.at('I.xmp'));
    await indexFolder(library.engine, library.photos);
    expect(await filesOf(jpeg)).toEqual(['I.JPG photo', 'I.MOV film', 'I.RAF raw']);

    await rm(jpeg);
    const summary = await indexFolder(library.engine, library.photos);
    expect(await idsShown()).toEqual([id]);
    expect(await filesOf(raw)).toEqual(['I.RAF photo']);
    expect(summary.unsupported).toEqual([{ file: library.at('I.MOV'), kind: 'video' }]);
  });

  it('move together', async () => {
    await library.put('a/I.JPG', await makeJpeg(2));
    await library.put('a/I.JPG.json', '{}');
    await library.put('a/I.RAF', await rawPhoto(1));
    await indexFolder(library.engine, library.photos);
    const ids = await idsShown();
    await rename(library.at('a'), library.at('b'));
    await indexFolder(library.engine, library.photos);
    expect(await idsShown()).toEqual(ids);
    expect(await filesOf(library.at('b/I.JPG'))).toEqual([
      'I.JPG photo',
      'I.JPG.json takeout',
      'I.RAF raw',
    ]);
    expect(
      [...library.engine.store.tables.files.all()].map(({ path }) =>
        relative(library.photos, path),
      ),
    ).toEqual(expect.arrayContaining(['b/I.JPG', 'b/I.JPG.json', 'b/I.RAF']));
    expect(library.engine.store.tables.files.size).toBe(3);
    expect(library.model.encoded).toBe(1);
  });
});

describe('checking every byte', () => {
  it('finds a change that left size and times as they were, and does nothing else again', async () => {
    const [first, second] = await makePhotos(library.photos, 2);
    await indexFolder(library.engine, library.photos);
    const { size, mtimeMs, ctimeMs } = rowOf(first) ?? {};
    const other = await makeJpeg(500);
    const bytes = Buffer.alloc(size ?? 0);
    other.copy(bytes);
    await writeFile(first, bytes);
    await utimes(first, 1, (mtimeMs ?? 0) / 1000);
    // What the disk says is as it was; that of ctime cannot be set, so the library is told it.
    const now = await stat(first);
    expect(ctimeMs).not.toBe(now.ctimeMs);
    const row = rowOf(first);
    if (row === undefined) throw new Error('the library has the photo');
    await library.engine.store.tables.files.put([
      { ...row, mtimeMs: now.mtimeMs, ctimeMs: now.ctimeMs },
    ]);

    expect(await indexFolder(library.engine, library.photos)).toMatchObject({
      skipped: 2,
      embedded: 0,
    });
    expect(library.model.encoded).toBe(2);
    const before = rowOf(second);
    expect(await indexFolder(library.engine, library.photos, { everyByte: true })).toMatchObject({
      photos: 2,
      embedded: 1,
    });
    expect([library.model.encoded, library.model.captioned]).toEqual([3, 3]);
    expect(rowOf(first)?.contentId).not.toBe(row.contentId);
    expect(rowOf(second)).toEqual(before);
  });
});

describe('the folders of a library', () => {
  const folders = () => library.engine.handlers['library/folders'](null);

  it('say how many photos they have, also those of folders inside, and whether they are there', async () => {
    await makePhotos(library.photos, 12);
    const inner = library.at('album 1');
    await copyFile(join(inner, 'photo 0010.jpg'), library.at('album 0/copy.jpg'));
    await library.put('clip.mp4', film);
    await indexFolder(library.engine, library.photos);
    await indexFolder(library.engine, inner);
    expect(await folders()).toMatchObject([
      { path: library.photos, photos: 12, connected: true },
      { path: inner, photos: 2, connected: true },
    ]);

    await rename(library.photos, `${library.photos} away`);
    await library.engine.handlers['library/rescan']({ folder: null, everyByte: false });
    await library.engine.idle();
    expect(await folders()).toMatchObject([
      { path: library.photos, photos: 12, connected: false },
      { path: inner, photos: 2, connected: false },
    ]);
  });

  it('say what looking through them came to, also where it is nothing', async () => {
    await makePhotos(library.photos, 4);
    const came = async () => (await folders())[0].look;
    await indexFolder(library.engine, library.photos);
    const at = expect.any(String) as unknown;
    expect(await came()).toEqual({ at, fresh: 4, changed: 0, back: 0, gone: 0 });
    await indexFolder(library.engine, library.photos);
    expect(await came()).toEqual({ at, fresh: 0, changed: 0, back: 0, gone: 0 });

    const photo = library.at('album 0/photo 0000.jpg');
    const bytes = await readFile(photo);
    await rm(photo);
    await library.put('album 0/new.jpg', await makeJpeg(500));
    await indexFolder(library.engine, library.photos);
    expect(await came()).toMatchObject({ fresh: 1, changed: 0, back: 0, gone: 1 });
    await writeFile(photo, bytes);
    await indexFolder(library.engine, library.photos);
    expect(await came()).toMatchObject({ gone: 0 });

    // Whether bytes changed is known once they are read, and not when the files are met.
    await library.engine.handlers['library/rescan']({ folder: null, everyByte: true });
    await library.engine.idle();
    expect(await came()).toBeNull();
  });
});

describe('a folder that is taken out', () => {
  it('leaves with its photos, failures and kinds, and has them back as they were', async () => {
    await makePhotos(library.photos, 4);
    await library.put('text.jpg', 'Dear diary');
    await library.put('clip.mp4', film);
    await library.put('I.JPG', await makeJpeg(900));
    await library.put('I.xmp', '<x/>');
    await indexFolder(library.engine, library.photos);
    const ids = await idsShown();
    const captions = async () =>
      Object.fromEntries(await library.engine.store.captionsOf(await idsShown()));
    const before = await captions();

    await library.engine.handlers['library/remove-folder']({ folder: library.photos });
    expect(await idsShown()).toEqual([]);
    expect(await library.engine.handlers['activity/failures'](null)).toEqual([]);
    expect(await library.engine.handlers['library/left-out'](null)).toMatchObject({
      unsupported: [],
    });
    expect((await library.engine.handlers['library/info'](null)).folders).toEqual([]);
    await expect(
      library.engine.handlers['library/remove-folder']({ folder: library.photos }),
    ).rejects.toMatchObject({ code: 'folder-missing' });
    await expect(
      library.engine.handlers['library/rescan']({ folder: library.photos, everyByte: false }),
    ).rejects.toMatchObject({ code: 'folder-missing' });

    const summary = await indexFolder(library.engine, library.photos);
    expect(summary).toMatchObject({ photos: 5, embedded: 0, captioned: 0 });
    expect(summary.failed).toHaveLength(1);
    expect(await idsShown()).toEqual(ids);
    expect(await captions()).toEqual(before);
    expect([library.model.encoded, library.model.captioned]).toEqual([5, 5]);
  });

  it('leaves what lies in another folder of the library', async () => {
    await makePhotos(library.photos, 12);
    const inner = join(library.photos, 'album 1');
    await indexFolder(library.engine, library.photos);
    const ids = await idsShown();
    await indexFolder(library.engine, inner);
    expect(await idsShown()).toEqual(ids);

    await library.engine.handlers['library/remove-folder']({ folder: library.photos });
    expect(await idsShown()).toHaveLength(2);
    await indexFolder(library.engine, inner);
    await indexFolder(library.engine, library.photos);
    expect(await idsShown()).toEqual(ids);
    await library.engine.handlers['library/remove-folder']({ folder: inner });
    expect(await idsShown()).toEqual(ids);
    await indexFolder(library.engine, library.photos);
    expect(await idsShown()).toEqual(ids);
    expect([library.model.encoded, library.model.captioned]).toEqual([12, 12]);
  });

  it('drops the work under way there', async () => {
    await makePhotos(library.photos, 60);
    await library.engine.handlers['library/import']({ folder: library.photos });
    library.engine.start();
    await vi.waitUntil(() => library.engine.store.photos().size > 0, {
      timeout: 20_000,
      interval: 5,
    });
    await library.engine.handlers['library/remove-folder']({ folder: library.photos });
    expect(await idsShown()).toEqual([]);
    await library.engine.idle();
    expect(await idsShown()).toEqual([]);
    expect(await library.engine.handlers['activity/failures'](null)).toEqual([]);
    expect(await indexFolder(library.engine, library.photos)).toMatchObject({
      photos: 60,
      failed: [],
    });
  });
});

describe('a copy of a photo that a file speaks of', () => {
  it('does not keep that file, nor take it away', async () => {
    const first = await library.put('a.jpg', await makeJpeg(1));
    await library.put('a.xmp', '<x/>');
    await mkdir(library.at('copies'));
    await copyFile(first, library.at('copies/b.jpg'));
    await indexFolder(library.engine, library.photos);
    expect(library.photoAt(library.at('copies/b.jpg'))).toBe(library.photoAt(first));
    expect(await filesOf(first)).toEqual(['a.jpg photo', 'a.xmp sidecar', 'b.jpg photo']);
    await rm(first);
    await indexFolder(library.engine, library.photos);
    expect(await filesOf(library.at('copies/b.jpg'))).toEqual(['b.jpg photo']);
    expect((await readFile(library.at('a.xmp'))).length).toBeGreaterThan(0);
  });
});
