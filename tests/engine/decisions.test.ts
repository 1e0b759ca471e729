import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventName } from '#shared/api.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { HashModel } from '../support/hash-model.ts';
import { makePhotos } from '../support/photo-folder.ts';

const count = 6;
let folder: string;
let photos: string;
let engine: Engine;
let heard: EventName[];

async function open(model: HashModel): Promise<void> {
  heard = [];
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: (name) => heard.push(name),
    loadModel: async () => model,
  });
}

const detailOf = (id: string) => engine.handlers['photos/get']({ id });

/** A photo and its caption. */
async function firstCaption() {
  const [photoId] = (await engine.handlers['photos/timeline'](null)).ids;
  const [caption] = (await detailOf(photoId)).captions;
  return { photoId, caption };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-decisions-'));
  photos = join(folder, 'photos');
  await makePhotos(photos, count);
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a decision', () => {
  it('outlives the scoring of its caption that is under way', async () => {
    await open(new HashModel('writer', { matching: false, captioning: true }));
    await indexFolder(engine, photos);
    await engine.close();

    const matcher = new HashModel('matcher', { matching: true, captioning: false });
    const asked = Promise.withResolvers();
    const decided = Promise.withResolvers();
    const match = matcher.match.bind(matcher);
    matcher.match = async (images, texts) => {
      asked.resolve(null);
      await decided.promise;
      return match(images, texts);
    };
    await open(matcher);
    const indexed = indexFolder(engine, photos);
    await asked.promise;
    // The rows to score were read, and wait for the model.
    const { photoId, caption } = await firstCaption();
    expect(caption).toMatchObject({ itm: null, confirmed: false });
    await engine.store.decide(newBatch('person'), {
      captionId: caption.id,
      assetId: photoId,
      verdict: 'confirmed',
      by: 'person',
      reason: null,
    });
    decided.resolve(null);
    await indexed;

    for (let opened = 0; opened < 2; opened++) {
      const { captions } = await detailOf(photoId);
      expect(captions).toMatchObject([
        { id: caption.id, confirmed: true, itmModelId: matcher.info.id },
      ]);
      expect(captions[0].itm).toBeGreaterThan(0);
      // Also as it lies on disk.
      await engine.close();
      matcher.disposed = false;
      await open(matcher);
    }
  });

  it('is recorded, told to who is connected, and can be taken back', async () => {
    await open(new HashModel());
    await indexFolder(engine, photos);
    const { photoId, caption } = await firstCaption();
    const decide = engine.handlers['captions/decide'];
    const before = await engine.handlers['library/info'](null);
    heard.length = 0;

    await decide({ photoId, captionId: caption.id, verdict: 'confirmed' });
    expect((await detailOf(photoId)).captions).toMatchObject([{ id: caption.id, confirmed: true }]);
    expect(await engine.handlers['photos/labels']({ ids: [photoId] })).toMatchObject([
      { caption: { confirmed: true } },
    ]);
    await expect.poll(() => heard).toContain('library/changed');
    // The grid shows the same pictures in the same order.
    const after = await engine.handlers['library/info'](null);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(after.photosRevision).toBe(before.photosRevision);

    await decide({ photoId, captionId: caption.id, verdict: 'withdrawn' });
    expect((await detailOf(photoId)).captions).toMatchObject([{ confirmed: false }]);
    const decisions = await engine.store.tables.verdicts.table.all();
    expect(decisions.map(({ verdict, by }) => [verdict, by])).toEqual([
      ['confirmed', 'person'],
      ['withdrawn', 'person'],
    ]);
    const changes = (await engine.store.tables.journal.table.all()).filter(
      ({ kind }) => kind === 'verdict',
    );
    expect(changes.map(({ actor, before: had }) => [actor, had])).toEqual([
      ['person', null],
      ['person', { verdict: 'confirmed', by: 'person' }],
    ]);
  });

  it('is refused about a caption of another photo, and about no photo', async () => {
    await open(new HashModel());
    await indexFolder(engine, photos);
    const { caption } = await firstCaption();
    const { ids } = await engine.handlers['photos/timeline'](null);
    const decide = (photoId: string) =>
      engine.handlers['captions/decide']({
        photoId,
        captionId: caption.id,
        verdict: 'confirmed',
      });
    await expect(decide(ids[1])).rejects.toMatchObject({ code: 'bad-request' });
    await expect(decide('0'.repeat(32))).rejects.toMatchObject({ code: 'photo-unknown' });
    expect(await engine.store.tables.verdicts.table.countRows()).toBe(0);
  });
});
