import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { importing } from '#main/engine/stages/import/import-words.ts';
import { ImportWork } from '#main/engine/stages/import/import-work.ts';
import { PixelSource } from '#main/engine/work/pixel-source.ts';
import { Progress } from '#main/engine/progress/progress.ts';
import { Importer } from '#main/library/importer/importer.ts';
import { openStore } from '#main/store/store.ts';
import { asNobody } from '../../library/as-nobody.ts';
import { temporaryFolder } from '../../library/pictures.ts';
import { makePhotos } from '../../support/photo-folder.ts';

/** Photos in a folder, as many as are asked for at once, and the work of importing them. */
async function open(onChange: (work: ImportWork) => void) {
  const store = await openStore(temporaryFolder());
  onTestFinished(() => store.close());
  const importer = new Importer(store.paths, () => {});
  onTestFinished(() => importer.close());
  const count = importer.ahead;
  const photos = join(temporaryFolder(), 'photos');
  await makePhotos(photos, count);
  const pixels = new PixelSource(() => Promise.reject(new Error('not asked for')));
  const progress = new Progress([importing]);
  const work: ImportWork = new ImportWork({
    store,
    importer,
    pixels,
    progress,
    sides: () => Promise.resolve([32]),
    onPictures: () => {},
    onBack: () => {},
    onWalked: () => {},
    onProblem: () => {},
    onChange: () => onChange(work),
  });
  work.scan(photos);
  return { work, store, pixels, progress, count };
}

test('stopped while no photo fits before the model, takes no more of them in', async () => {
  const walked = Promise.withResolvers();
  const { work, store, pixels, count } = await open(({ walking }) => {
    if (!walking) walked.resolve(null);
  });
  pixels.handOver('another', { sides: [32], squares: [new Uint8Array(128 * 2 ** 20)] });
  const stop = new AbortController();
  const run = work.run(stop.signal);
  await walked.promise;
  // By now they wait for room.
  await sleep(100);
  stop.abort();
  pixels.clear();
  await run;
  expect([...store.tables.files.all()]).toEqual([]);
  expect(work.waiting).toBe(count);

  await work.run(new AbortController().signal);
  expect(store.photos().size).toBe(count);
});

test('where thumbnails may not be written it ends, and blames no photo', async () => {
  await asNobody(async () => {
    const { work, store } = await open(() => {});
    mkdirSync(store.paths.thumbnails, { mode: 0o500 });
    await expect(work.run(new AbortController().signal)).rejects.toMatchObject({
      code: 'folder-read-only',
      message: expect.stringContaining(store.paths.thumbnails),
    });
    expect([...store.tables.files.all()]).toEqual([]);
    expect(await store.tables.failures.table.countRows()).toBe(0);
  });
});

describe('stopped at the first photo', () => {
  async function stopped(cancel: (work: ImportWork) => void) {
    const stop = new AbortController();
    const { work, store, progress, count } = await open((importing) => {
      if (stop.signal.aborted || importing.coming === importing.waiting) return;
      stop.abort();
      cancel(importing);
    });
    await work.run(stop.signal);
    return { work, store, progress, count };
  }

  test('leaves those asked for ahead for later', async () => {
    const { work, store, count } = await stopped(() => {});
    expect(store.photos().size).toBeLessThan(count / 2);
    expect(store.photos().size + work.waiting).toBe(count);
    await work.run(new AbortController().signal);
    expect(store.photos().size).toBe(count);
  });

  test('leaves them for good when what waits is dropped', async () => {
    const { work, store, progress, count } = await stopped((importing) => importing.clear());
    expect(store.photos().size).toBeLessThan(count / 2);
    expect(work.waiting).toBe(0);
    expect(work.active).toBe(false);
    // What was under way then is done, and has taken some time.
    expect(progress.seconds().get(importing.name)).toBeLessThan(600);
  });
});
