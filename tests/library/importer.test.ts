import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentIdOf, importPhoto } from '#main/library/import-photo.ts';
import type { PreparedPhoto } from '#main/library/import-photo.ts';
import { Importer } from '#main/library/importer/importer.ts';
import { KnownContents, nothingKnown } from '#main/library/known-contents.ts';
import type { Knowledge } from '#main/library/known-contents.ts';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { squaresOf } from '#main/med/preprocess/square.ts';
import type { ScannedFile } from '#main/library/scan-folder.ts';
import { libraryPaths, thumbnailPath } from '#main/store/library-paths.ts';
import { childProcesses, killHard, noProcessList } from '../support/child-processes.ts';
import { asOfCamera } from '../support/photo-folder.ts';
import { photograph, temporaryFolder } from './pictures.ts';

function open(
  paths = libraryPaths(temporaryFolder()),
  onProblem: (message: string) => void = () => {},
): Importer {
  const importer = new Importer(paths, onProblem);
  onTestFinished(() => importer.close());
  return importer;
}

const asNew = { isNamedPicture: true, attached: [], before: null, reread: false };

function scanned(path: string): ScannedFile {
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  const inode = String(ino);
  const root = dirname(path);
  return { kind: 'file', path, root, size, mtimeMs, ctimeMs, inode, changed: false, ...asNew };
}

/** What an import brought, but for when it was read. */
function withoutTimes(imported: PreparedPhoto['imported']) {
  if (imported.kind !== 'new') throw new Error('the photo is new');
  const { file, content, observations, captions } = imported;
  return {
    file,
    captions,
    content: { ...content, addedAt: '' },
    observations: observations.map((row) => ({ ...row, readAt: '' })),
  };
}

const isNew = { imported: { kind: 'new' } };
const isKnown = { imported: { kind: 'known' }, seen: null };

/** Photographs of different bytes. */
async function photographs(count: number): Promise<{ file: ScannedFile; bytes: Buffer }[]> {
  const folder = temporaryFolder();
  const made = Array.from({ length: count }, async (_, i) => {
    const bytes = await asOfCamera(await photograph(i));
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
      const known = new KnownContents(nothingKnown);
      const here = await importPhoto(file, { paths, metadata, minSide: 32, known });
      const there = await importer.import(file, [32, 20]);
      if (here.seen === null || there === null || there.seen === null) {
        throw new Error('both are new');
      }
      expect(withoutTimes(there.imported)).toEqual(withoutTimes(here.imported));
      expect(there.seen.pictureId).toBe(here.seen.pictureId);
      expect(there.seen.squares).toEqual(squaresOf(here.seen.image, [32, 20]));
      expect(await importer.squares(file.path, [32, 20])).toEqual(there.seen.squares);
      expect(existsSync(thumbnailPath(paths, there.seen.pictureId))).toBe(true);
    }
  });

  test('go on while the thread that asked for them stands still', async () => {
    const paths = libraryPaths(temporaryFolder());
    const importer = open(paths);
    const made = await photographs(6);
    const imported = Promise.all(made.map(({ file }) => importer.import(file, [32])));
    const drawn = () =>
      existsSync(paths.thumbnails)
        ? readdirSync(paths.thumbnails, { recursive: true, encoding: 'utf8' })
            .filter((name) => name.endsWith('.webp'))
            .map((name) => basename(name, '.webp'))
        : [];
    const end = Date.now() + 30_000;
    // No message is taken in here, as during a run of the model.
    while (drawn().length < made.length && Date.now() < end);
    const thumbnails = drawn();
    const pictures = (await imported).map((photo) => photo?.seen?.pictureId);
    expect(thumbnails.toSorted()).toEqual(pictures.toSorted());
  });

  test('are not decoded again where the library has them, also since they came', async () => {
    const importer = open();
    const [{ file, bytes }, other] = await photographs(2);
    importer.know({ ...nothingKnown, whole: [contentIdOf(bytes)] });
    expect(await importer.import(file, [32])).toMatchObject({
      imported: { kind: 'known', contentId: contentIdOf(bytes) },
      seen: null,
    });
    expect(await importer.import(other.file, [32])).toMatchObject(isNew);
    expect(await importer.import(other.file, [32])).toMatchObject(isKnown);
    importer.know(nothingKnown);
    expect(await importer.import(other.file, [32])).toMatchObject(isNew);
  });

  test('are read again where only what they say is missing, and shown to no model', async () => {
    const importer = open();
    const [{ file, bytes }] = await photographs(1);
    importer.know({ ...nothingKnown, unread: [contentIdOf(bytes)] });
    const read = await importer.import(file, [32]);
    expect(read).toMatchObject({ imported: { kind: 'new', content: { metadataRead: true } } });
  });

  test('keep the picture that an older library knows them by', async () => {
    const paths = libraryPaths(temporaryFolder());
    const importer = open(paths);
    const [{ file, bytes }] = await photographs(1);
    importer.know({ ...nothingKnown, unseen: [[contentIdOf(bytes), 'a picture']] });
    expect(await importer.import(file, [32])).toMatchObject({ ...isNew, seen: null });
    expect(existsSync(paths.thumbnails)).toBe(false);
  });

  test('fail alone', async () => {
    const importer = open();
    const [{ file }] = await photographs(1);
    const bad = join(temporaryFolder(), 'bad.jpg');
    writeFileSync(bad, 'no picture');
    const failing = importer.import(scanned(bad), [32]);
    await expect(failing).rejects.toMatchObject({ code: 'image-unsupported', subject: 'bad.jpg' });
    expect(await importer.import(file, [32])).toMatchObject(isNew);
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
    expect(imported[0]).toMatchObject(isNew);
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
    const unusable: Knowledge = JSON.parse('7');
    importer.know(unusable);
    await expect(asked).rejects.toThrow('has stopped: ');
    importer.know(nothingKnown);
    expect(await importer.import(file, [32])).toMatchObject(isNew);
  });

  test.skipIf(noProcessList !== null)(
    `come without metadata while exiftool keeps dying, which is told once ${noProcessList ?? ''}`,
    async () => {
      const problems: string[] = [];
      const importer = open(undefined, (message) => problems.push(message));
      const killing = setInterval(() => {
        childProcesses(process.pid, 'exiftool').forEach(killHard);
      }, 5);
      onTestFinished(() => clearInterval(killing));
      const made = await photographs(6);
      const imported = await Promise.all(made.map(({ file }) => importer.import(file, [32])));
      expect(imported.map((each) => each?.imported.kind)).toEqual(made.map(() => 'new'));
      expect(problems).toEqual([expect.stringContaining('cannot be read')]);
    },
  );
});
