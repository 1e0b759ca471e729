import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ImportWork } from '#main/engine/jobs/import-work.ts';
import { PixelSource } from '#main/engine/jobs/pixel-source.ts';
import { Progress } from '#main/engine/progress.ts';
import { Importer } from '#main/library/importer/importer.ts';
import { openStore } from '#main/store/store.ts';
import { temporaryFolder } from '../library/pictures.ts';
import { makePhotos } from '../support/photo-folder.ts';

test('stopped while no photo fits before the model, takes no more of them in', async () => {
  const photos = join(temporaryFolder(), 'photos');
  await makePhotos(photos, 3);
  const store = await openStore(temporaryFolder());
  onTestFinished(() => store.close());
  const importer = new Importer(store.paths);
  onTestFinished(() => importer.close());
  const pixels = new PixelSource(() => Promise.reject(new Error('not asked for')));
  pixels.handOver('another', { sides: [32], squares: [new Uint8Array(128 * 2 ** 20)] });
  const walked = Promise.withResolvers();
  const work = new ImportWork({
    store,
    importer,
    pixels,
    progress: new Progress(),
    sides: () => Promise.resolve([32]),
    onPhotos: () => {},
    onProblem: () => {},
    onChange: () => {
      if (!work.walking) walked.resolve(null);
    },
  });
  work.scan(photos);
  const stop = new AbortController();
  const run = work.run(stop.signal);
  await walked.promise;
  // By now they wait for room.
  await sleep(100);
  stop.abort();
  pixels.clear();
  await run;
  expect([...store.files.all()]).toEqual([]);
  expect(work.waiting).toBe(3);

  await work.run(new AbortController().signal);
  expect(store.photos.count).toBe(3);
});
