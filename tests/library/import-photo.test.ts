import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { exiftool } from 'exiftool-vendored';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import { decodeImage } from '#main/library/decode.ts';
import { failedFile, importPhoto } from '#main/library/import-photo.ts';
import { MetadataReader } from '#main/library/metadata.ts';
import { viewRendition } from '#main/library/rendition.ts';
import { provideSamples } from '#main/library/samples.ts';
import { scanFolder } from '#main/library/scan-folder.ts';
import { ensureThumbnail } from '#main/library/thumbnail.ts';
import { thumbnailPath } from '#main/store/library-paths.ts';
import { openStore } from '#main/store/store.ts';
import type { Store } from '#main/store/store.ts';
import { asNobody } from './as-nobody.ts';
import { blackPng, collect, photograph, temporaryFolder } from './pictures.ts';

const metadata = new MetadataReader();
// Started before any test lowers its rights: Perl distrusts a process with two identities.
beforeAll(() => metadata.problem());
afterAll(async () => {
  await metadata.close();
  await exiftool.end();
});

async function open(folder = temporaryFolder()): Promise<Store> {
  const store = await openStore(folder);
  onTestFinished(() => store.close());
  return store;
}

/** Imports a folder to its end and counts what came of each file. */
async function importFolder(store: Store, root: string) {
  const counts = { new: 0, known: 0, failed: 0 };
  for await (const scanned of scanFolder(store, root, () => {})) {
    try {
      const isKnown = (id: string) => store.photos.has(id);
      const options = { paths: store.paths, metadata, minSide: 32, isKnown };
      const imported = await importPhoto(scanned, options);
      counts[imported.kind] += 1;
      const { photos, captions } =
        imported.kind === 'new'
          ? { photos: [imported.photo], captions: imported.captions }
          : { photos: [], captions: [] };
      await store.addImports({ files: [imported.file], photos, captions });
    } catch (error) {
      if (!(error instanceof MedleyError)) throw error;
      counts.failed += 1;
      await store.files.put([failedFile(scanned, error)]);
    }
  }
  return counts;
}

test('a photo arrives with its facts, captions, thumbnail and pixels', async () => {
  const store = await open();
  const path = join(temporaryFolder(), 'dog.jpg');
  writeFileSync(path, await photograph(1, 1600, 1200));
  await exiftool.write(
    path,
    {
      Orientation: 6,
      DateTimeOriginal: '2020:02:03 04:05:06',
      Model: 'K-1',
      Description: 'A dog',
    } as object,
    { writeArgs: ['-overwrite_original', '-n'] },
  );
  const [scanned] = await collect(scanFolder(store, join(path, '..'), () => {}));
  const options = { paths: store.paths, metadata, minSide: 96, isKnown: () => false };
  const imported = await importPhoto(scanned, options);
  if (imported.kind !== 'new') throw new Error('the photo is new');

  const bytes = readFileSync(path);
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  expect(imported.photo).toMatchObject({
    id,
    format: 'jpeg',
    bytes: bytes.length,
    width: 1200,
    height: 1600,
    takenText: '2020-02-03T04:05:06',
    takenSeconds: Date.UTC(2020, 1, 3, 4, 5, 6) / 1000,
    camera: 'K-1',
  });
  expect(imported.captions).toMatchObject([
    { photoId: id, text: 'A dog', origin: 'imported', field: 'XMP-dc:Description' },
  ]);
  // Enough for three times the model's side and for the thumbnail.
  expect([imported.image.width, imported.image.height]).toEqual([480, 640]);
  const thumbnail = await sharp(thumbnailPath(store.paths, id)).metadata();
  expect(thumbnail).toMatchObject({ format: 'webp', width: 480, height: 640 });
  expect(readdirSync(join(thumbnailPath(store.paths, id), '..'))).toEqual([`${id}.webp`]);
});

test('the average colour and the file time stand in where nothing else is known', async () => {
  const store = await open();
  const root = temporaryFolder();
  const create = { width: 40, height: 40, channels: 3, background: '#4080c0' } as const;
  await sharp({ create }).png().toFile(join(root, 'blue.png'));
  await importFolder(store, root);
  const [id] = store.files.photoIds();
  const photo = (await store.photos.get([id])).get(id);
  expect(photo).toMatchObject({ colour: 0x4080c0, takenText: null });
  const mtime = new Date(store.files.get(join(root, 'blue.png'))?.mtimeMs ?? 0);
  const shown = Date.UTC(
    mtime.getFullYear(),
    mtime.getMonth(),
    mtime.getDate(),
    mtime.getHours(),
    mtime.getMinutes(),
    mtime.getSeconds(),
  );
  expect(photo?.takenSeconds).toBe(shown / 1000);
});

test('moved and duplicated files are recognised, edited ones are new', async () => {
  const store = await open();
  const root = temporaryFolder();
  const at = (name: string) => join(root, name);
  writeFileSync(at('a.jpg'), await photograph(1));
  writeFileSync(at('b.jpg'), await photograph(2));
  expect(await importFolder(store, root)).toEqual({ new: 2, known: 0, failed: 0 });
  const idOfA = store.files.get(at('a.jpg'))?.photoId ?? '';

  mkdirSync(at('moved'));
  renameSync(at('a.jpg'), at('moved/a.jpg'));
  copyFileSync(at('moved/a.jpg'), at('copy.jpg'));
  writeFileSync(at('b.jpg'), await photograph(3));
  expect(await importFolder(store, root)).toEqual({ new: 1, known: 2, failed: 0 });
  expect(store.files.pathsOf(idOfA)).toEqual([at('copy.jpg'), at('moved/a.jpg')]);
  expect((await store.timeline()).ids).toHaveLength(2);
  expect(store.photos.count).toBe(3);

  rmSync(at('copy.jpg'));
  rmSync(at('moved/a.jpg'));
  expect(await importFolder(store, root)).toEqual({ new: 0, known: 0, failed: 0 });
  expect((await store.timeline()).ids).not.toContain(idOfA);
});

test('a hostile folder: everything broken is named, everything else arrives', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  const good = await Promise.all([1, 2, 3].map((seed) => photograph(seed, 300, 200)));
  await asNobody(async () => {
    const store = await openStore(join(folder, 'library'));
    const root = join(folder, 'photos');
    const at = (name: string) => join(root, name);
    mkdirSync(at('closed'), { recursive: true });
    writeFileSync(at('closed/hidden.jpg'), good[0]);
    chmodSync(at('closed'), 0);
    writeFileSync(at('truncated.jpg'), good[0].subarray(0, good[0].length * 0.7));
    writeFileSync(at('empty.jpg'), '');
    writeFileSync(at('text.jpg'), 'Dear diary');
    writeFileSync(at('huge.png'), blackPng(30_000));
    writeFileSync(at('secret.jpg'), good[0]);
    chmodSync(at('secret.jpg'), 0);
    symlinkSync('.', at('loop'));
    writeFileSync(at('good.jpg'), good[1]);
    writeFileSync(at('two\nlines 😀.jpg'), good[2]);

    expect(await importFolder(store, root)).toEqual({ new: 2, known: 0, failed: 5 });
    const failures = store.files.failures();
    const byName = failures.map(({ path, failure }) => [basename(path), failure.code]);
    expect(Object.fromEntries(byName)).toEqual({
      closed: 'file-unreadable',
      'truncated.jpg': 'image-corrupt',
      'empty.jpg': 'image-corrupt',
      'text.jpg': 'image-unsupported',
      'huge.png': 'image-too-large',
      'secret.jpg': 'file-unreadable',
      loop: 'file-unreadable',
    });
    for (const { path, failure } of failures) expect(failure.message).toContain(basename(path));
    expect((await store.timeline()).ids).toHaveLength(2);

    // Known to be broken, they are left alone until asked for.
    expect(await importFolder(store, root)).toEqual({ new: 0, known: 0, failed: 0 });
    expect(store.files.failures()).toEqual(failures);
    chmodSync(at('secret.jpg'), 0o644);
    chmodSync(at('closed'), 0o755);
    await store.files.forgetFailures();
    expect(await importFolder(store, root)).toEqual({ new: 1, known: 1, failed: 4 });
    await store.close();
  });
});

describe('what is shown of a photo', () => {
  test('a thumbnail that was lost is made again', async () => {
    const store = await open();
    const original = join(temporaryFolder(), 'a.jpg');
    writeFileSync(original, await photograph(1, 900, 600));
    const id = 'ab'.repeat(16);
    const path = await ensureThumbnail(store.paths, id, original);
    expect(path).toBe(thumbnailPath(store.paths, id));
    expect(await sharp(path).metadata()).toMatchObject({ width: 640, height: 427 });
    rmSync(original);
    expect(await ensureThumbnail(store.paths, id, original)).toBe(path);
    const other = ensureThumbnail(store.paths, 'cd'.repeat(16), original);
    await expect(other).rejects.toMatchObject({ code: 'file-missing' });
  });

  test('thumbnails follow the colour profile that the model ignores', async () => {
    const store = await open();
    const root = temporaryFolder();
    const create = { width: 64, height: 64, channels: 3, background: '#c86432' } as const;
    const path = join(root, 'p3.png');
    await sharp({ create }).withIccProfile('p3').png().toFile(path);
    await importFolder(store, root);
    const [id] = store.files.photoIds();
    const shown = await sharp(thumbnailPath(store.paths, id)).raw().toBuffer();
    expect(Math.abs(shown[0] - 0xc8)).toBeLessThan(6);
    expect(Math.abs((await decodeImage(path)).data[0] - 0xc8)).toBeGreaterThan(8);
  });

  test('originals are shown as they are, but TIFF as a JPEG made once', async () => {
    const store = await open();
    const tiff = join(temporaryFolder(), 'a.tiff');
    await sharp(await photograph(1, 90, 60))
      .tiff()
      .toFile(tiff);
    const id = 'ab'.repeat(16);
    const own = await viewRendition(store.paths, { id, format: 'avif' }, '/original.avif');
    expect(own).toEqual({ path: '/original.avif', contentType: 'image/avif' });
    const made = await viewRendition(store.paths, { id, format: 'tiff' }, tiff);
    expect(made.contentType).toBe('image/jpeg');
    expect(await sharp(made.path).metadata()).toMatchObject({ format: 'jpeg', width: 90 });
    rmSync(tiff);
    expect(await viewRendition(store.paths, { id, format: 'tiff' }, tiff)).toEqual(made);
  });
});

test('the sample photographs import like any folder', async () => {
  const store = await open();
  const samples = await provideSamples(store.paths);
  expect(await provideSamples(store.paths)).toBe(samples);
  expect(await importFolder(store, samples)).toEqual({ new: 5, known: 0, failed: 0 });
  for (const id of store.files.photoIds()) {
    expect(existsSync(thumbnailPath(store.paths, id))).toBe(true);
  }
});
