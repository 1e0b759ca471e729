import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import type { CaptionOptions, ImageFeatures } from '#main/med/model/med-model.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { makePhotos } from '../../support/photo-folder.ts';
import { samples, SceneModel, scenes } from '../../support/scene-model.ts';

const count = 8;

/** How many pictures were to get proposals when one got some. */
let toPropose: number[];

/** Notes how many pictures are to get proposals whenever one gets some. */
class CountingModel extends SceneModel {
  override async caption(images: readonly ImageFeatures[], options?: CaptionOptions) {
    if (options?.method === 'nucleus') {
      const { stages } = await engine.handlers['activity/get'](null);
      toPropose.push(stages.find(({ name }) => name === 'propose')?.total ?? NaN);
    }
    return super.caption(images, options);
  }
}
let folder: string;
let engine: Engine;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-review-'));
  await makePhotos(join(folder, 'photos'), count);
  toPropose = [];
  const model = new CountingModel();
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: () => {},
    loadModel: async () => model,
  });
  await indexFolder(engine, join(folder, 'photos'));
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** A text that nobody has confirmed. */
async function say(assetId: string, text: string): Promise<void> {
  const row = {
    id: `said ${assetId} ${text}`,
    assetId,
    text,
    origin: 'person' as const,
    field: null,
  };
  const rest = { pictureId: null, rank: 0, observationIds: [], modelId: null, decoding: null };
  await engine.store.addCaptions(newBatch('test'), [
    { ...row, ...rest, createdAt: new Date().toISOString() },
  ]);
  engine.jobs.lookAt([engine.store.photos().get(assetId)?.pictureId ?? '']);
}

it('finds the text of another photo, proposes the right one, and shows no sample elsewhere', async () => {
  const { ids } = await engine.handlers['photos/timeline'](null);
  const shown = await engine.store.captionsOf(ids);
  const sceneFor = (id: string) => shown.get(id)?.[0].text ?? '';
  const wrongId = ids[0];
  const wrong = scenes.find((scene) => scene !== sceneFor(wrongId)) ?? '';
  for (const id of ids.slice(1, -1)) await say(id, `${sceneFor(id)} with Anna, 2019`);
  await say(ids[count - 1], 'Anna and Ben at Lake Como, 2019');
  await say(wrongId, wrong);
  await engine.idle();

  // Those whose texts fit wait no more.
  expect(toPropose.length).toBeGreaterThan(0);
  expect(Math.max(...toPropose)).toBe(toPropose.length);

  const list = await engine.handlers['review/list']({ strict: 1 });
  expect(list).toMatchObject({ waiting: 0, calibration: { texts: count - 1, sameModel: true } });
  const [worst] = list.items;
  expect(worst).toMatchObject({
    text: wrong,
    judgement: { judged: wrong, aside: [] },
    answer: null,
  });
  expect(['doubtful', 'wrong']).toContain(worst.judgement.verdict);
  expect(worst.findings[0]).toMatchObject({ rule: 'alt.mismatch' });
  expect(list.whatIf).toHaveLength(11);
  expect(list.whatIf[10].unjudged).toBe(1);

  const usual = await engine.handlers['review/list']({ strict: 0.5 });
  const item = usual.items.find(({ text }) => text === wrong);
  expect(item?.proposals.map(({ text }) => text)).toEqual([sceneFor(wrongId)]);
  expect(usual.items.some(({ text }) => text?.includes('Lake Como'))).toBe(false);

  // What was sampled lies in the library, and is nobody's caption.
  const rows = await engine.store.tables.captions.of([wrongId]);
  expect(rows.filter(({ decoding }) => decoding?.method === 'nucleus')).toHaveLength(3);
  const { captions } = await engine.handlers['photos/get']({ id: wrongId });
  expect(captions.map(({ text }) => text)).toEqual([wrong, sceneFor(wrongId)]);
  const history = await engine.handlers['captions/history']({ photoId: wrongId });
  expect(history.map(({ caption }) => caption.text)).not.toContain(samples[0]);
});

it('leaves out what a file only repeats of a model', async () => {
  const [photo] = engine.store.photos().values();
  await say(photo.assetId, 'a man climbs a rock');
  await engine.idle();
  const [said] = (await engine.store.tables.captions.of([photo.assetId])).filter(
    ({ origin }) => origin === 'person',
  );
  const imported = (text: string, modelId: string | null) => ({
    ...said,
    id: text,
    origin: 'imported' as const,
    text,
    modelId,
    observationIds: [`${photo.contentId} embedded XMP-dc:Description`],
  });
  await engine.store.addCaptions(newBatch('test'), [
    imported('PHOTO OF A ROCK', 'other@1'),
    imported('PHOTO OF A TREE', null),
  ]);
  engine.jobs.lookAt([photo.pictureId]);
  await engine.idle();
  const { calibration, items } = await engine.handlers['review/list']({ strict: 1 });
  expect(calibration?.texts).toBe(2);
  const texts = items.map(({ text }) => text);
  expect(texts).toContain('PHOTO OF A TREE');
  expect(texts).not.toContain('PHOTO OF A ROCK');
});
