import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventName, EventOf } from '#shared/api.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import type { FeatureStage } from '#main/engine/stages/stage.ts';
import { stages } from '#main/engine/stages/stages.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { Store } from '#main/store/store.ts';
import { HashModel } from '../../support/hash-model.ts';
import { makePhotos } from '../../support/photo-folder.ts';

const count = 24;
/** Pictures that the stage of this file was run on, in order. */
let seen: string[];
/** What goes wrong with a picture; null for nothing. */
let faultOf: (pictureId: string, modelId: string) => Error | null;
/** What each batch waits for. */
let beforeBatch: () => Promise<void>;

const remarkIdOf = (pictureId: string, modelId: string) => `remark ${pictureId} ${modelId}`;

function hasRemark(store: Store, pictureId: string, modelId: string): boolean {
  const assetId = store.tables.contents.assetOfPicture(pictureId);
  if (assetId === undefined) return false;
  return store.tables.captions.has({ assetId, id: remarkIdOf(pictureId, modelId) });
}

/** A stage as someone might add it: a remark on each picture, made of its features. */
const remarkStage: FeatureStage = {
  name: 'remark',
  words: {
    title: 'Remark on photos',
    doing: 'Remarking on photos',
    purpose: 'Says something of each photo.',
  },
  needs: 'features',
  use: 'matching',
  batch: 'caption',
  everyPicture: true,
  open: async ({ store, model: { info } }) => ({
    pending: (pictureIds) => [...pictureIds].filter((id) => !hasRemark(store, id, info.id)),
    run: async (batch) => {
      await beforeBatch();
      for (const { pictureId } of batch) {
        const fault = faultOf(pictureId, info.id);
        if (fault !== null) throw fault;
      }
      await store.addCaptions(
        newBatch('remark'),
        batch.flatMap(({ pictureId, features }) => {
          const assetId = store.tables.contents.assetOfPicture(pictureId);
          if (assetId === undefined) return [];
          seen.push(pictureId);
          return {
            id: remarkIdOf(pictureId, info.id),
            assetId,
            pictureId: null,
            text: `a picture of ${features.patches.length} numbers`,
            origin: 'person',
            field: null,
            rank: 0,
            observationIds: [],
            modelId: null,
            decoding: null,
            createdAt: new Date().toISOString(),
          };
        }),
      );
    },
    flush: async () => {},
  }),
};

let folder: string;
let photos: string;
let engine: Engine;
let heard: EventOf<'activity/changed'>[];

async function open(model: HashModel): Promise<void> {
  heard = [];
  model.disposed = false;
  const emit = <E extends EventName>(name: E, data: EventOf<EventName>) => {
    if (name === 'activity/changed' && 'stages' in data) heard.push(data);
  };
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit,
    loadModel: async () => model,
    stages: [...stages, remarkStage],
  });
}

/** Photos whose remark is in the library. */
function remarked(modelId: string): number {
  const pictures = [...engine.store.photos().values()].map(({ pictureId }) => pictureId);
  return pictures.filter((id) => hasRemark(engine.store, id, modelId)).length;
}

const progressOf = (name: string) =>
  engine.jobs.activity().stages.find((stage) => stage.name === name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-stage-'));
  photos = join(folder, 'photos');
  seen = [];
  faultOf = () => null;
  beforeBatch = async () => {};
  await makePhotos(photos, count);
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

it('runs over every photo, after the stages before it, and shows in its own words', async () => {
  const model = new HashModel();
  await open(model);
  const summary = await indexFolder(engine, photos);
  expect(summary).toMatchObject({ embedded: count, captioned: count, failed: [] });
  expect(summary.stages.map(({ title }) => title)).toEqual([
    'Take in photos',
    ...stages.map(({ words }) => words.title),
    'Remark on photos',
  ]);
  expect(remarked(model.info.id)).toBe(count);
  expect(seen.toSorted()).toEqual([...new Set(seen)].toSorted());
  expect(progressOf('remark')).toMatchObject({ words: remarkStage.words, done: count, failed: 0 });
  // The features that the stages before it left are used: nothing is encoded for it again.
  expect(model.encoded).toBe(count);

  await engine.close();
  const said = heard.at(-1)?.stages.find(({ name }) => name === 'remark');
  expect(said).toMatchObject({ words: remarkStage.words, done: count, total: count });
});

it('goes on after a restart with what is left, as the library tells it', async () => {
  const model = new HashModel();
  const begun = Promise.withResolvers();
  beforeBatch = async () => {
    if (seen.length > 0) begun.resolve(null);
    await sleep(20);
  };
  await open(model);
  engine.start();
  await engine.handlers['library/import']({ folder: photos });
  await begun.promise;
  await engine.handlers['activity/pause'](null);
  await engine.close();
  const before = seen.length;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(count);

  beforeBatch = async () => {};
  await open(model);
  engine.start();
  await engine.handlers['activity/resume'](null);
  await engine.idle();
  expect(remarked(model.info.id)).toBe(count);
  // None twice.
  expect(seen.toSorted()).toEqual([...new Set(seen)].toSorted());
  expect(seen).toHaveLength(count);
});

it('fails on a photo without blocking another stage, another photo or another model', async () => {
  const model = new HashModel();
  let bad = '';
  faultOf = (pictureId, modelId) => {
    if (modelId !== model.info.id) return null;
    bad ||= pictureId;
    return pictureId === bad ? new Error('nothing to remark') : null;
  };
  await open(model);
  const summary = await indexFolder(engine, photos);
  expect(summary).toMatchObject({ photos: count, embedded: count, captioned: count });
  expect(summary.failed).toMatchObject([{ error: 'nothing to remark' }]);
  expect(await engine.handlers['activity/failures'](null)).toMatchObject([
    { stage: 'Remark on photos', error: 'nothing to remark' },
  ]);
  expect(remarked(model.info.id)).toBe(count - 1);
  expect(await engine.handlers['library/info'](null)).toMatchObject({
    photos: count,
    embedded: count,
    captioned: count,
  });
  await engine.close();

  // It is not tried again by itself.
  await open(model);
  await indexFolder(engine, photos);
  expect(remarked(model.info.id)).toBe(count - 1);
  await engine.close();

  const other = new HashModel('other');
  await open(other);
  await indexFolder(engine, photos);
  expect(remarked(other.info.id)).toBe(count);
  expect(await engine.handlers['library/info'](null)).toMatchObject({
    embedded: count,
    captioned: count,
  });
});
