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
import { basename, join } from 'node:path';
import { exiftool } from 'exiftool-vendored';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { contentIdOf, fileFacts, importPhoto } from '#main/library/import-photo.ts';
import { KnownContents, nothingKnown } from '#main/library/known-contents.ts';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { viewRendition } from '#main/library/rendition.ts';
import { provideSamples } from '#main/library/samples.ts';
import { libraryKnowledge } from '#main/engine/stages/import/library-knowledge.ts';
import { scanFolder } from '#main/library/scan-folder.ts';
import type { ScannedFile } from '#main/library/scan-folder.ts';
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

/**
 * Imports a folder to its end, files that held something else before after all others, and counts
 * what came of each; `seen` counts the pictures that are new.
 */
async function importFolder(store: Store, root: string) {
  const counts = { new: 0, known: 0, failed: 0, seen: 0 };
  const files = await collect(scanFolder(store, root, () => {}));
  const waiting = new Set(files.filter(({ changed }) => changed).map(({ path }) => path));
  for (const scanned of files.toSorted((a, b) => Number(a.changed) - Number(b.changed))) {
    waiting.delete(scanned.path);
    const imported = await take(store, scanned);
    counts[imported.kind] += 1;
    if (imported.seen) counts.seen += 1;
    await store.addImports([imported.file], (path) => waiting.has(path));
  }
  return counts;
}

/** One file taken in, or why it cannot be. */
async function take(store: Store, scanned: ScannedFile, reader = metadata) {
  const known = new KnownContents(libraryKnowledge(store.tables));
  try {
    const options = { paths: store.paths, metadata: reader, minSide: 32, known };
    const { imported, seen } = await importPhoto(scanned, options);
    return { file: imported, kind: imported.kind, seen: seen !== null };
  } catch (error) {
    if (!(error instanceof MedleyError)) throw error;
    const failed = { kind: 'failed', file: fileFacts(scanned), error } as const;
    return { file: failed, kind: failed.kind, seen: false };
  }
}

/** The only photo of a library, as its content has it. */
async function onlyPhoto(store: Store) {
  const [photo] = store.photos().values();
  const content = (await store.tables.contents.rows([photo.contentId])).get(photo.contentId);
  if (content === undefined) throw new Error('the library has no photo');
  return { photo, content };
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
  const known = new KnownContents(nothingKnown);
  const options = { paths: store.paths, metadata, minSide: 96, known };
  const { imported, seen } = await importPhoto(scanned, options);
  if (imported.kind !== 'new' || seen === null) throw new Error('the photo is new');

  const bytes = readFileSync(path);
  const id = contentIdOf(bytes);
  expect(imported.content).toMatchObject({
    id,
    pixels: seen.pictureId,
    metadataRead: true,
    format: 'jpeg',
    bytes: bytes.length,
    width: 1200,
    height: 1600,
    takenText: '2020-02-03T04:05:06',
    takenSeconds: Date.UTC(2020, 1, 3, 4, 5, 6) / 1000,
    camera: 'K-1',
  });
  const [said] = imported.captions;
  expect(said).toMatchObject({ text: 'A dog', field: 'XMP-dc:Description' });
  // Each field is kept as the file gave it, and the caption names where it was said.
  const fields = new Map(imported.observations.map((row) => [row.field, row]));
  expect(fields.get('XMP-dc:Description')).toMatchObject({
    id: said.observationId,
    contentId: id,
    source: 'embedded',
    path: null,
    value: 'A dog',
  });
  expect(fields.get('IFD0:Model')?.value).toBe('K-1');
  // Enough for three times the model's side and for the thumbnail.
  expect([seen.image.width, seen.image.height]).toEqual([480, 640]);
  const drawn = thumbnailPath(store.paths, seen.pictureId);
  expect(await sharp(drawn).metadata()).toMatchObject({ format: 'webp', width: 480, height: 640 });
  expect(readdirSync(join(drawn, '..'))).toEqual([`${seen.pictureId}.webp`]);
});

test('the average colour and the file time stand in where nothing else is known', async () => {
  const store = await open();
  const root = temporaryFolder();
  const create = { width: 40, height: 40, channels: 3, background: '#4080c0' } as const;
  await sharp({ create }).png().toFile(join(root, 'blue.png'));
  await importFolder(store, root);
  const { content } = await onlyPhoto(store);
  expect(content).toMatchObject({ colour: 0x4080c0, takenText: null });
  const mtime = new Date(store.tables.files.get(join(root, 'blue.png'))?.mtimeMs ?? 0);
  const shown = Date.UTC(
    mtime.getFullYear(),
    mtime.getMonth(),
    mtime.getDate(),
    mtime.getHours(),
    mtime.getMinutes(),
    mtime.getSeconds(),
  );
  expect(content.takenSeconds).toBe(shown / 1000);
});

test('moved, duplicated and edited files keep their photo', async () => {
  const store = await open();
  const root = temporaryFolder();
  const at = (name: string) => join(root, name);
  writeFileSync(at('a.jpg'), await photograph(1));
  writeFileSync(at('b.jpg'), await photograph(2));
  expect(await importFolder(store, root)).toEqual({ new: 2, known: 0, failed: 0, seen: 2 });
  const assetAt = (name: string) => store.tables.files.get(at(name))?.assetId ?? '';
  const [a, b] = [assetAt('a.jpg'), assetAt('b.jpg')];

  mkdirSync(at('moved'));
  renameSync(at('a.jpg'), at('moved/a.jpg'));
  copyFileSync(at('moved/a.jpg'), at('copy.jpg'));
  writeFileSync(at('b.jpg'), await photograph(3));
  expect(await importFolder(store, root)).toEqual({ new: 1, known: 2, failed: 0, seen: 1 });
  expect(store.pathsOf(a)).toEqual([at('copy.jpg'), at('moved/a.jpg')]);
  expect(store.pathsOf(b)).toEqual([at('b.jpg')]);
  expect(store.timeline().ids.toSorted()).toEqual([a, b].toSorted());
  expect([...store.tables.contents.all()].length).toBe(3);

  rmSync(at('copy.jpg'));
  rmSync(at('moved/a.jpg'));
  expect(await importFolder(store, root)).toEqual({ new: 0, known: 0, failed: 0, seen: 0 });
  expect(store.timeline().ids).toEqual([b]);
  // It is not shown, and not forgotten.
  expect(store.tables.assets.ids().has(a)).toBe(true);
});

test('a caption written into a file makes neither another photo nor another picture', async () => {
  const store = await open();
  const root = temporaryFolder();
  const path = join(root, 'a.jpg');
  writeFileSync(path, await photograph(1));
  await importFolder(store, root);
  const { photo } = await onlyPhoto(store);
  await exiftool.write(path, { Description: 'A dog' }, ['-overwrite_original']);
  expect(await importFolder(store, root)).toEqual({ new: 1, known: 0, failed: 0, seen: 0 });
  const after = await onlyPhoto(store);
  expect(after.photo).toMatchObject({ assetId: photo.assetId, pictureId: photo.pictureId });
  expect(after.photo.contentId).not.toBe(photo.contentId);
  expect((await store.captionsOf([photo.assetId])).get(photo.assetId)).toMatchObject([
    { text: 'A dog', origin: 'imported' },
  ]);
});

test('what could not be read without exiftool is read by the next walk once it is back', async () => {
  const root = temporaryFolder();
  const store = await open();
  const path = join(root, 'photo.jpg');
  writeFileSync(path, await photograph(1));
  await exiftool.write(path, { Description: 'A quay at dawn' }, ['-overwrite_original']);
  const without = new MetadataReader({ program: join(root, 'no exiftool') });
  onTestFinished(() => without.close());
  /** Walks the folder and takes in what it yields. */
  const walk = async (reader: MetadataReader) => {
    const files = await collect(scanFolder(store, root, () => {}));
    const taken = await Promise.all(files.map((file) => take(store, file, reader)));
    await store.addImports(taken.map(({ file: imported }) => imported));
    const captions = await store.captionsOf([...store.photos().keys()]);
    return {
      kinds: taken.map(({ kind, seen }) => [kind, seen]),
      captions: [...captions.values()].flat().map(({ text }) => text),
    };
  };
  expect(await walk(without)).toEqual({ kinds: [['new', true]], captions: [] });
  // It is asked for again, and not decoded again as long as nothing can be had.
  expect(await walk(without)).toEqual({ kinds: [['known', false]], captions: [] });
  const back = { kinds: [['new', false]], captions: ['A quay at dawn'] };
  expect(await walk(metadata)).toEqual(back);
  expect(await walk(metadata)).toEqual({ ...back, kinds: [] });
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
    writeFileSync(at('truncated.jpg'), good[0].subarray(0, good[0].length * 0.2));
    writeFileSync(at('empty.jpg'), '');
    writeFileSync(at('text.jpg'), 'Dear diary');
    writeFileSync(at('huge.png'), blackPng(30_000));
    writeFileSync(at('secret.jpg'), good[0]);
    chmodSync(at('secret.jpg'), 0);
    symlinkSync('.', at('loop'));
    writeFileSync(at('good.jpg'), good[1]);
    writeFileSync(at('two\nlines 😀.jpg'), good[2]);

    expect(await importFolder(store, root)).toEqual({ new: 2, known: 0, failed: 5, seen: 2 });
    const failures = store.tables.failures.standing();
    const byName = failures.map(({ subject, code }) => [basename(subject), code]);
    expect(Object.fromEntries(byName)).toEqual({
      closed: 'file-unreadable',
      'truncated.jpg': 'image-corrupt',
      'empty.jpg': 'image-corrupt',
      'text.jpg': 'image-unsupported',
      'huge.png': 'image-too-large',
      'secret.jpg': 'file-unreadable',
      loop: 'file-unreadable',
    });
    for (const { subject, message } of failures) expect(message).toContain(basename(subject));
    expect(store.timeline().ids).toHaveLength(2);

    // Known to be broken, they are left alone until asked for.
    expect(await importFolder(store, root)).toEqual({ new: 0, known: 0, failed: 0, seen: 0 });
    expect(store.tables.failures.standing()).toEqual(failures);
    chmodSync(at('secret.jpg'), 0o644);
    chmodSync(at('closed'), 0o755);
    const rows = store.tables.files.size;
    await store.tables.failures.clear(failures);
    expect(store.tables.files.size).toBe(rows);
    expect(await importFolder(store, root)).toEqual({ new: 1, known: 1, failed: 4, seen: 1 });
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
    const { photo } = await onlyPhoto(store);
    const shown = await sharp(thumbnailPath(store.paths, photo.pictureId)).raw().toBuffer();
    expect(Math.abs(shown[0] - 0xc8)).toBeLessThan(6);
    expect(Math.abs((await decodeImage(path)).data[0] - 0xc8)).toBeGreaterThan(8);
  });

  test('originals are shown as they are, but TIFF as a JPEG made once', async () => {
    const store = await open();
    const tiff = join(temporaryFolder(), 'a.tiff');
    await sharp(await photograph(1, 90, 60))
      .tiff()
      .toFile(tiff);
    const pictureId = 'ab'.repeat(16);
    const avif = join(temporaryFolder(), 'a.avif');
    await sharp(await photograph(1, 90, 60))
      .avif()
      .toFile(avif);
    const own = await viewRendition(store.paths, { pictureId, format: 'avif' }, avif);
    expect(own).toEqual({ path: avif, contentType: 'image/avif' });
    const made = await viewRendition(store.paths, { pictureId, format: 'tiff' }, tiff);
    expect(made.contentType).toBe('image/jpeg');
    expect(await sharp(made.path).metadata()).toMatchObject({ format: 'jpeg', width: 90 });
    rmSync(tiff);
    expect(await viewRendition(store.paths, { pictureId, format: 'tiff' }, tiff)).toEqual(made);
  });
});

test('the sample photographs import like any folder', async () => {
  const store = await open();
  const samples = await provideSamples(store.paths);
  expect(await provideSamples(store.paths)).toBe(samples);
  expect(await importFolder(store, samples)).toEqual({ new: 5, known: 0, failed: 0, seen: 5 });
  for (const { pictureId } of store.photos().values()) {
    expect(existsSync(thumbnailPath(store.paths, pictureId))).toBe(true);
  }
});
