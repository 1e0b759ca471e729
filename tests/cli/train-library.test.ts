import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { written } from '#main/engine/texts/text-acts.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { openFolderLibrary, type FolderLibrary } from '../support/folder-library.ts';
import { makeJpeg } from '../support/photo-folder.ts';
import { runMedley, tinyModel } from './run-medley.ts';

const count = 22;
let library: FolderLibrary;
let root: string;

beforeAll(async () => {
  library = await openFolderLibrary();
  const { engine, photos } = library;
  root = engine.store.paths.root;
  for (let i = 0; i < count; i++) await library.put(`${i}.jpg`, await makeJpeg(i));
  await engine.jobs.addFolder(photos);
  engine.start();
  await engine.idle();
  const acts = [...engine.store.photos().keys()].map((photoId, i) =>
    written(engine.store, {
      photoId,
      purpose: 'caption',
      text: `a big cat by ball ${i}`,
      replaces: null,
    }),
  );
  await engine.store.changeTexts(newBatch('person'), {
    captions: acts.flatMap(({ captions }) => captions),
    verdicts: acts.flatMap(({ verdicts }) => verdicts),
  });
}, 60_000);
// The test closes the library.
afterAll(() => rm(join(root, '..'), { recursive: true, force: true }));

test('what a person wrote in a library is learnt from, and no machine text', async () => {
  const out = join(root, '..', 'out');
  const train = ['train', '--library', root, '--out', out, '--model', tinyModel];
  // Every photo has a caption of a model too.
  const ids = [...library.engine.store.photos().keys()];
  const all = [...(await library.engine.store.captionsOf(ids)).values()].flat();
  expect(all.length).toBe(2 * count);
  await library.engine.close();
  const { stdout, stderr, status } = await runMedley([
    ...train,
    ...['--epochs', '1', '--device', 'cpu', '--json'],
  ]);
  expect(stderr).not.toMatch(/medley:/);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    card: { data: { photos: count, captions: count }, recipe: { batch: 16 } },
  });

  const both = await runMedley([...train, '--images', root]);
  expect(both.stderr).toMatch(/--images with --captions, or --library/);
  expect(both.status).not.toBe(0);
}, 120_000);
