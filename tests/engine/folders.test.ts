import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { isOtherFile } from '#main/library/other-files.ts';
import { HashModel } from '../support/hash-model.ts';
import { makeJpeg, makePhotos } from '../support/photo-folder.ts';

let folder: string;
let photos: string;
let engine: Engine;
let model: HashModel;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-folders-'));
  photos = join(folder, 'photos');
  await mkdir(photos);
  model = new HashModel();
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: () => {},
    loadModel: async () => model,
  });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => join(photos, name);

async function put(name: string, bytes: Buffer | string): Promise<string> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), bytes);
  return at(name);
}

const idsShown = async () => (await engine.handlers['photos/timeline'](null)).ids.toSorted();
const rowOf = (path: string) => engine.store.tables.files.get(path);

function photoAt(path: string): string {
  const id = rowOf(path)?.assetId;
  if (!id) throw new Error(`the library has no photo at ${path}`);
  return id;
}

/** Files of a photo, as `a.cr2 raw`. */
async function filesOf(path: string): Promise<string[]> {
  const { files } = await engine.handlers['photos/get']({ id: photoAt(path) });
  return files.map((file) => `${basename(file.path)} ${file.role}`);
}

/** A raw photo as a camera writes it, told by its mark, with a preview in it. */
async function rawPhoto(seed: number): Promise<Buffer> {
  return Buffer.concat([
    Buffer.from('FUJIFILMCCD-RAW 0201FF', 'latin1').fill(0, 22),
    rafHeader(await makeJpeg(seed, 640, 480)),
  ]);
}

/** The rest of a RAF header, which tells where the JPEG lies (offset and length at 84). */
function rafHeader(jpeg: Buffer): Buffer {
  const rest = Buffer.alloc(126);
  rest.writeUInt32BE(148, 84 - 22);
  rest.writeUInt32BE(jpeg.length, 88 - 22);
  return Buffer.concat([rest, jpeg]);
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
const mp4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypmp42\0\0\0\0mp42isom')]);

describe('files of all kinds', () => {
  it('are imported by what they are, and named where they are nothing that Medley reads', async () => {
    const pictures = ['noextension', 'photo.jpg~', 'photo.jpg.1', 'photo.jpg_large', 'pano.MPO'];
    for (const [i, name] of [...pictures, 'IMG_2020.HEIC', 'sub/a.png'].entries()) {
      await put(name, await makeJpeg(i));
    }
    await put('clip.mp4', mp4);
    await put('drawing.svg', svg);
    await put('layers.psd', Buffer.concat([Buffer.from('8BPS\0\x01'), Buffer.alloc(30)]));
    await put('scan.jpg', '%PDF-1.7 and so on');
    await put('a jpeg called.mov', await makeJpeg(77));
    await put('text.jpg', 'Dear diary');
    await put('page.jpg_large', '<html>');
    await put('notes.txt', 'Dear diary');
    await put('Makefile.in', 'all:');
    await put('empty', '');
    const summary = await indexFolder(engine, photos);
    expect(summary).toMatchObject({ photos: 8, embedded: 8 });
    const root = await engine.handlers['library/info'](null).then(({ folders }) => folders[0]);
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
    const leftOut = await engine.handlers['library/left-out'](null);
    expect(leftOut.unsupported).toEqual(summary.unsupported);

    // Nothing is opened again.
    const again = await indexFolder(engine, photos);
    expect(again).toMatchObject({ photos: 8, skipped: 9, unsupported: summary.unsupported });
    expect(model.encoded).toBe(8);

    // What becomes a picture is one.
    await put('clip.mp4', await makeJpeg(99));
    await rm(at('drawing.svg'));
    const after = await indexFolder(engine, photos);
    expect(after.photos).toBe(9);
    expect(after.unsupported.map(({ kind }) => kind)).toEqual(['psd', 'unknown', 'pdf']);
  });

  it('are all accounted for, whatever they are called and hold', { timeout: 60_000 }, async () => {
    const jpeg = await makeJpeg(1);
    const holds = [
      jpeg,
      jpeg.subarray(0, 40),
      mp4,
      Buffer.from(svg),
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
        for (const [stem, ending, held] of files) await put(join(own, stem + ending), holds[held]);
        await mkdir(at(own), { recursive: true });
        const { failed } = await indexFolder(engine, at(own));
        const rows = [...engine.store.tables.files.all()].filter(
          ({ path }) => dirname(path) === at(own),
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
    const raw = await put('I.RAF', await rawPhoto(1));
    await indexFolder(engine, photos);
    const id = photoAt(raw);
    expect(await filesOf(raw)).toEqual(['I.RAF photo']);

    const jpeg = await put('I.JPG', await makeJpeg(2));
    await put('I.xmp', '<x/>');
    await put('I.MOV', mp4);
    expect(await indexFolder(engine, photos)).toMatchObject({ photos: 1, unsupported: [] });
    expect(await idsShown()).toEqual([id]);
    expect(await filesOf(jpeg)).toEqual([
      'I.JPG photo',
      'I.MOV film',
      'I.RAF raw',
      'I.xmp sidecar',
    ]);
    expect(engine.store.photos().get(id)?.contentId).toBe(rowOf(jpeg)?.contentId);
    expect(rowOf(raw)).toMatchObject({ role: 'raw', partOf: jpeg, contentId: null, assetId: id });
    expect(await indexFolder(engine, photos)).toMatchObject({ skipped: 1 });

    await rm(at('I.xmp'));
    await indexFolder(engine, photos);
    expect(await filesOf(jpeg)).toEqual(['I.JPG photo', 'I.MOV film', 'I.RAF raw']);

    await rm(jpeg);
    const summary = await indexFolder(engine, photos);
    expect(await idsShown()).toEqual([id]);
    expect(await filesOf(raw)).toEqual(['I.RAF photo']);
    expect(summary.unsupported).toEqual([{ file: at('I.MOV'), kind: 'video' }]);
  });

  it('move together', async () => {
    await put('a/I.JPG', await makeJpeg(2));
    await put('a/I.JPG.json', '{}');
    await put('a/I.RAF', await rawPhoto(1));
    await indexFolder(engine, photos);
    const ids = await idsShown();
    await rename(at('a'), at('b'));
    await indexFolder(engine, photos);
    expect(await idsShown()).toEqual(ids);
    expect(await filesOf(at('b/I.JPG'))).toEqual([
      'I.JPG photo',
      'I.JPG.json takeout',
      'I.RAF raw',
    ]);
    expect([...engine.store.tables.files.all()].map(({ path }) => relative(photos, path))).toEqual(
      expect.arrayContaining(['b/I.JPG', 'b/I.JPG.json', 'b/I.RAF']),
    );
    expect(engine.store.tables.files.size).toBe(3);
    expect(model.encoded).toBe(1);
  });
});

describe('checking every byte', () => {
  it('finds a change that left size and times as they were, and does nothing else again', async () => {
    const [first, second] = await makePhotos(photos, 2);
    await indexFolder(engine, photos);
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
    await engine.store.tables.files.put([{ ...row, mtimeMs: now.mtimeMs, ctimeMs: now.ctimeMs }]);

    expect(await indexFolder(engine, photos)).toMatchObject({ skipped: 2, embedded: 0 });
    expect(model.encoded).toBe(2);
    const before = rowOf(second);
    expect(await indexFolder(engine, photos, { everyByte: true })).toMatchObject({
      photos: 2,
      embedded: 1,
    });
    expect([model.encoded, model.captioned]).toEqual([3, 3]);
    expect(rowOf(first)?.contentId).not.toBe(row.contentId);
    expect(rowOf(second)).toEqual(before);
  });
});

describe('a folder that is taken out', () => {
  it('leaves with its photos, failures and kinds, and has them back as they were', async () => {
    await makePhotos(photos, 4);
    await put('text.jpg', 'Dear diary');
    await put('clip.mp4', mp4);
    await put('I.JPG', await makeJpeg(900));
    await put('I.xmp', '<x/>');
    await indexFolder(engine, photos);
    const ids = await idsShown();
    const captions = async () =>
      Object.fromEntries(await engine.store.captionsOf(await idsShown()));
    const before = await captions();

    await engine.handlers['library/remove-folder']({ folder: photos });
    expect(await idsShown()).toEqual([]);
    expect(await engine.handlers['activity/failures'](null)).toEqual([]);
    expect(await engine.handlers['library/left-out'](null)).toMatchObject({ unsupported: [] });
    expect((await engine.handlers['library/info'](null)).folders).toEqual([]);
    await expect(
      engine.handlers['library/remove-folder']({ folder: photos }),
    ).rejects.toMatchObject({ code: 'folder-missing' });
    await expect(
      engine.handlers['library/rescan']({ folder: photos, everyByte: false }),
    ).rejects.toMatchObject({ code: 'folder-missing' });

    const summary = await indexFolder(engine, photos);
    expect(summary).toMatchObject({ photos: 5, embedded: 0, captioned: 0 });
    expect(summary.failed).toHaveLength(1);
    expect(await idsShown()).toEqual(ids);
    expect(await captions()).toEqual(before);
    expect([model.encoded, model.captioned]).toEqual([5, 5]);
  });

  it('leaves what lies in another folder of the library', async () => {
    await makePhotos(photos, 12);
    const inner = join(photos, 'album 1');
    await indexFolder(engine, photos);
    const ids = await idsShown();
    await indexFolder(engine, inner);
    expect(await idsShown()).toEqual(ids);

    await engine.handlers['library/remove-folder']({ folder: photos });
    expect(await idsShown()).toHaveLength(2);
    await indexFolder(engine, inner);
    await indexFolder(engine, photos);
    expect(await idsShown()).toEqual(ids);
    await engine.handlers['library/remove-folder']({ folder: inner });
    expect(await idsShown()).toEqual(ids);
    await indexFolder(engine, photos);
    expect(await idsShown()).toEqual(ids);
    expect([model.encoded, model.captioned]).toEqual([12, 12]);
  });

  it('drops the work under way there', async () => {
    await makePhotos(photos, 60);
    await engine.handlers['library/import']({ folder: photos });
    engine.start();
    await vi.waitUntil(() => engine.store.photos().size > 0, { timeout: 20_000, interval: 5 });
    await engine.handlers['library/remove-folder']({ folder: photos });
    expect(await idsShown()).toEqual([]);
    await engine.idle();
    expect(await idsShown()).toEqual([]);
    expect(await engine.handlers['activity/failures'](null)).toEqual([]);
    expect(await indexFolder(engine, photos)).toMatchObject({ photos: 60, failed: [] });
  });
});

describe('a copy of a photo that a file speaks of', () => {
  it('does not keep that file, nor take it away', async () => {
    const first = await put('a.jpg', await makeJpeg(1));
    await put('a.xmp', '<x/>');
    await mkdir(at('copies'));
    await copyFile(first, at('copies/b.jpg'));
    await indexFolder(engine, photos);
    expect(photoAt(at('copies/b.jpg'))).toBe(photoAt(first));
    expect(await filesOf(first)).toEqual(['a.jpg photo', 'a.xmp sidecar', 'b.jpg photo']);
    await rm(first);
    await indexFolder(engine, photos);
    expect(await filesOf(at('copies/b.jpg'))).toEqual(['b.jpg photo']);
    expect((await readFile(at('a.xmp'))).length).toBeGreaterThan(0);
  });
});
