import { existsSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { importPhoto, photoIdOf } from '#main/library/import-photo.ts';
import { Importer } from '#main/library/importer/importer.ts';
import { MetadataReader } from '#main/library/metadata.ts';
import { squaresOf } from '#main/med/preprocess/square.ts';
import type { ScannedFile } from '#main/library/scan-folder.ts';
import { libraryPaths, thumbnailPath } from '#main/store/library-paths.ts';
import { photograph, temporaryFolder } from './pictures.ts';

function open(paths = libraryPaths(temporaryFolder())): Importer {
  const importer = new Importer(paths, () => {});
  onTestFinished(() => importer.close());
  return importer;
}

function scanned(path: string): ScannedFile {
  const { size, mtimeMs } = statSync(path);
  return { kind: 'file', path, root: dirname(path), size, mtimeMs };
}

/** Photographs of different bytes. */
async function photographs(count: number): Promise<{ file: ScannedFile; bytes: Buffer }[]> {
  const folder = temporaryFolder();
  const made = Array.from({ length: count }, async (_, i) => {
    const bytes = await photograph(i);
    const path = join(folder, `${i}.jpg`);
    writeFileSync(path, bytes);
    return { file: scanned(path), bytes };
  });
  return Promise.all(made);
}

describe('photos imported in a thread', () => {
  test('are what an import here makes of them', async () => {
    const paths = libraryPaths(temporaryFolder());
    const metadata = new MetadataReader();
    onTestFinished(() => metadata.close());
    const importer = open(paths);
    for (const { file } of await photographs(2)) {
      const here = await importPhoto(file, { paths, metadata, minSide: 32, isKnown: () => false });
      const there = await importer.import(file, [32, 20]);
      if (here.kind !== 'new' || there?.kind !== 'new') throw new Error('both are new');
      expect(there.file).toEqual(here.file);
      expect({ ...there.photo, addedAt: '' }).toEqual({ ...here.photo, addedAt: '' });
      expect(there.squares).toEqual(squaresOf(here.image, [32, 20]));
      expect(await importer.squares(file.path, [32, 20])).toEqual(there.squares);
      expect(existsSync(thumbnailPath(paths, there.photo.id))).toBe(true);
    }
  });

  test('go on while the thread that asked for them stands still', async () => {
    const paths = libraryPaths(temporaryFolder());
    const importer = open(paths);
    const made = await photographs(6);
    const imported = Promise.all(made.map(({ file }) => importer.import(file, [32])));
    const thumbnails = made.map(({ bytes }) => thumbnailPath(paths, photoIdOf(bytes)));
    const end = Date.now() + 30_000;
    // No message is taken in here, as during a run of the model.
    while (!thumbnails.every(existsSync) && Date.now() < end);
    expect(thumbnails.filter((path) => !existsSync(path)).map((path) => basename(path))).toEqual(
      [],
    );
    await imported;
  });

  test('are not decoded again where the library has them, also since they came', async () => {
    const importer = open();
    const [{ file, bytes }, other] = await photographs(2);
    importer.know([photoIdOf(bytes)]);
    expect(await importer.import(file, [32])).toMatchObject({
      kind: 'known',
      file: { photoId: photoIdOf(bytes) },
    });
    expect(await importer.import(other.file, [32])).toMatchObject({ kind: 'new' });
    expect(await importer.import(other.file, [32])).toMatchObject({ kind: 'known' });
    importer.know([]);
    expect(await importer.import(other.file, [32])).toMatchObject({ kind: 'new' });
  });

  test('fail alone', async () => {
    const importer = open();
    const [{ file }] = await photographs(1);
    const bad = join(temporaryFolder(), 'bad.jpg');
    writeFileSync(bad, 'no picture');
    const failing = importer.import(scanned(bad), [32]);
    await expect(failing).rejects.toMatchObject({ code: 'image-unsupported', subject: 'bad.jpg' });
    expect(await importer.import(file, [32])).toMatchObject({ kind: 'new' });
  });

  test('stop the import where the library cannot be written, as no fault of theirs', async () => {
    const paths = libraryPaths(temporaryFolder());
    // A file where the folder of thumbnails should be.
    writeFileSync(paths.thumbnails, '');
    const importer = open(paths);
    const [{ file }] = await photographs(1);
    const error: unknown = await importer.import(file, [32]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('code');
  });

  test('are left where they have not begun, once they are dropped', async () => {
    const importer = open();
    const made = await photographs(importer.ahead);
    const asked = made.map(({ file }) => importer.import(file, [32]));
    const squares = importer.squares(made[0].file.path, [32]);
    importer.drop();
    const imported = await Promise.all(asked);
    expect(imported).toContain(null);
    expect(imported[0]).toMatchObject({ kind: 'new' });
    expect(await squares).toHaveLength(1);
  });

  test('that were not done are refused when the importer closes', async () => {
    const importer = open();
    const made = await photographs(30);
    const asked = Promise.allSettled(made.map(({ file }) => importer.import(file, [32])));
    await importer.close();
    const refused = (await asked).filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { message: expect.stringContaining('stopped') } });
  });

  test('are refused after that, and start no thread', async () => {
    const importer = open();
    const [{ file }] = await photographs(1);
    await importer.import(file, [32]);
    await importer.close();
    await expect(importer.squares(file.path, [32])).rejects.toThrow('not imported any more');
  });

  test('come in again after the threads have died', async () => {
    const importer = open();
    const [{ file }] = await photographs(1);
    const asked = importer.import(file, [32]);
    // What no thread can take.
    const unusable: string[] = JSON.parse('7');
    importer.know(unusable);
    await expect(asked).rejects.toThrow('has stopped: ');
    importer.know([]);
    expect(await importer.import(file, [32])).toMatchObject({ kind: 'new' });
  });
});
