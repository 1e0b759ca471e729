import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import type { ImageFeatures, Match } from '#main/med/model/med-model.ts';
import { HashModel } from '../../support/hash-model.ts';
import { makePhotos } from '../../support/photo-folder.ts';

/** Judges nothing before it is let to, and remembers what it was asked about. */
class HeldModel extends HashModel {
  readonly embedded: string[] = [];
  readonly matched = new Set<string>();
  readonly begun = Promise.withResolvers<null>();
  readonly held = Promise.withResolvers<null>();

  override async embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    this.embedded.push(...texts);
    return super.embedTexts(texts);
  }

  override async match(images: readonly ImageFeatures[], texts: readonly string[]) {
    for (const text of texts) this.matched.add(text);
    this.begun.resolve(null);
    await this.held.promise;
    return (await super.match(images, texts)) satisfies Match[];
  }
}

let folder: string;
let engine: Engine;
let model: HeldModel;

const search = (text: string) =>
  engine.handlers['search/run']({
    query: { kind: 'text', text },
    limit: 60,
    shortlist: 60,
    sort: 'relevance',
  });

/** A library of 24 photos with nothing left to do, opened again by a model that has just come. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-take-up-'));
  const libraryFolder = join(folder, 'library');
  await makePhotos(join(folder, 'photos'), 24);
  const options = { libraryFolder, emit: () => {} };
  engine = await openEngine({ ...options, loadModel: async () => new HashModel() });
  await indexFolder(engine, join(folder, 'photos'));
  await engine.close();
  model = new HeldModel();
  engine = await openEngine({ ...options, loadModel: async () => model });
});
afterEach(async () => {
  model.held.resolve(null);
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

it('photos that come while a search keeps the work waiting are worked on', async () => {
  const searching = search('a dog');
  engine.start();
  await model.begun.promise;
  await makePhotos(join(folder, 'more'), 3, 2);
  await engine.handlers['library/import']({ folder: join(folder, 'more') });
  await expect.poll(() => engine.store.photos().size).toBe(27);
  model.held.resolve(null);
  await searching;
  await engine.idle();
  expect(await engine.handlers['library/info'](null)).toMatchObject({
    photos: 27,
    embedded: 27,
    captioned: 27,
  });
});

it('after a start a search is tried whose photos nobody judges', async () => {
  engine.start();
  await expect.poll(() => model.embedded).toEqual(['a person']);
  await engine.idle();
  expect([...model.matched]).toEqual([]);
  model.held.resolve(null);
  await search('a dog');
  expect([...model.matched]).toEqual(['a dog']);
});
