import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import type { ModelChoice } from '#main/engine/model/model-slot.ts';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { THUMBNAIL_SIDE } from '#main/library/thumbnail.ts';
import { CombinedModel } from '#main/med/model/combined-model.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import { HashModel } from '../support/hash-model.ts';
import { makeJpeg, makePhotos } from '../support/photo-folder.ts';

const count = 12;
const matchingOnly = { matching: true, captioning: false };
const captioningOnly = { matching: false, captioning: true };

let folder: string;
let photos: string;
let engine: Engine;
/** What every model of a test did; a model is loaded anew, its counts go on. */
let models: Record<'both' | 'matcher' | 'otherMatcher' | 'writer' | 'otherWriter', HashModel>;

/** `/NAME` is the model of that name. */
async function load({ folder: matching, captionerFolder }: ModelChoice) {
  const named = new Map<string, HashModel>(Object.entries(models));
  const [one, two] = [matching, captionerFolder].map((path) => named.get(path?.slice(1) ?? ''));
  if (one === undefined) throw new MedleyError('file-missing', `${matching}: no such model.`);
  if (two === undefined) return one;
  return new CombinedModel({ matching: one, captioning: two, preparesAlike: true });
}

async function open(modelFolder: string, captionerFolder?: string): Promise<Engine> {
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    modelFolder,
    captionerFolder,
    emit: () => {},
    loadModel: (choice) => {
      for (const model of Object.values(models)) model.disposed = false;
      return load(choice);
    },
  });
  return engine;
}

/** What each model has encoded and captioned since the last call. */
function workDone(): Record<string, readonly [encoded: number, captioned: number]> {
  const done = Object.fromEntries(
    Object.entries(models).map(([name, model]) => [
      name,
      [model.encoded, model.captioned] as const,
    ]),
  );
  for (const model of Object.values(models)) [model.encoded, model.captioned] = [0, 0];
  return done;
}

async function captions() {
  const { ids } = await engine.handlers['photos/timeline'](null);
  const details = await Promise.all(ids.map((id) => engine.handlers['photos/get']({ id })));
  return details.flatMap((detail) => detail.captions);
}

/** Every caption in the library, in a fixed order. */
async function captionRows(): Promise<(Caption & { readonly photoId: string })[]> {
  const { ids } = await engine.handlers['photos/timeline'](null);
  const byPhoto = await engine.store.captionsOf(ids);
  const rows = [...byPhoto].flatMap(([photoId, own]) => own.map((row) => ({ ...row, photoId })));
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function search(text: string) {
  return engine.handlers['search/run']({
    query: { kind: 'text', text },
    limit: count,
    shortlist: count,
    sort: 'relevance',
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-roles-'));
  photos = join(folder, 'photos');
  await makePhotos(photos, count);
  models = {
    both: new HashModel('both'),
    matcher: new HashModel('matcher', matchingOnly),
    otherMatcher: new HashModel('otherMatcher', matchingOnly),
    writer: new HashModel('writer', captioningOnly),
    otherWriter: new HashModel('otherWriter', captioningOnly),
  };
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a model that only matches', () => {
  it('makes photos findable and leaves captions alone', async () => {
    const summary = await indexFolder(await open('/matcher'), photos);
    expect(summary).toMatchObject({ photos: count, embedded: count, captioned: 0, failed: [] });
    expect(engine.jobs.activity()).toMatchObject({ state: 'idle' });
    expect(await captions()).toEqual([]);
    expect((await search('a dog')).results).toHaveLength(count);
    expect(workDone()['matcher']).toEqual([count, 0]);
  });
});

describe('a model that only captions', () => {
  it('captions without scores, and cannot search', async () => {
    const summary = await indexFolder(await open('/writer'), photos);
    expect(summary).toMatchObject({ photos: count, embedded: 0, captioned: count, failed: [] });
    const written = await captions();
    expect(written).toHaveLength(count);
    expect(written.every(({ itm, modelId }) => itm === null && modelId?.startsWith('writer'))).toBe(
      true,
    );
    expect(workDone()['writer']).toEqual([count, count]);
    await expect(search('a dog')).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('only writes captions'),
    });
    expect(await engine.handlers['library/info'](null)).toMatchObject({
      embedded: 0,
      captioned: count,
    });
  });
});

describe('a score', () => {
  /** What a model says of a caption, asked directly. */
  async function scoreBy(matcher: HashModel, { photoId, text }: { photoId: string; text: string }) {
    const { files } = await engine.handlers['photos/get']({ id: photoId });
    const image = await decodeImage(files[0].path, { minSide: 8, minLongSide: THUMBNAIL_SIDE });
    const [{ features }] = await matcher.embedImages([preprocess(matcher, image)]);
    return (await matcher.match([features], [text]))[0].probability;
  }

  async function expectScoresBy(matcher: HashModel): Promise<void> {
    const rows = await captionRows();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.itmModelId).toBe(matcher.info.id);
      expect(row.itm).toBeCloseTo(await scoreBy(matcher, row), 6);
    }
  }

  it('is given anew when another model matches, without captioning again', async () => {
    await indexFolder(await open('/matcher', '/writer'), photos);
    const before = await captionRows();
    await expectScoresBy(models.matcher);
    await engine.close();
    workDone();

    await indexFolder(await open('/otherMatcher', '/writer'), photos);
    // Scores are made of the features that the new embeddings leave.
    expect(workDone()).toMatchObject({ otherMatcher: [count, 0], writer: [0, 0] });
    expect(scoresDone()).toBe(count);
    await expectScoresBy(models.otherMatcher);
    const unscored = (rows: Caption[]) => rows.map((row) => ({ ...row, itm: 0, itmModelId: '' }));
    expect(unscored(await captionRows())).toEqual(unscored(before));
    await engine.close();
    workDone();

    await indexFolder(await open('/otherMatcher', '/writer'), photos);
    expect(workDone()).toMatchObject({ otherMatcher: [0, 0], writer: [0, 0] });
    expect(scoresDone()).toBe(0);
  });

  it('is given anew when the model is changed while Medley runs', async () => {
    await indexFolder(await open('/both'), photos);
    await engine.close();
    // Nothing named on opening, so that the settings decide.
    engine = await openEngine({
      libraryFolder: join(folder, 'library'),
      emit: () => {},
      loadModel: load,
    });
    engine.start();
    await engine.handlers['settings/set']({ modelFolder: '/otherMatcher' });
    await expect.poll(scorers).toEqual(['otherMatcher@000000000000']);
    await expectScoresBy(models.otherMatcher);
  });

  it('is given once to captions that were written by a model that only captions', async () => {
    await indexFolder(await open('/writer'), photos);
    await engine.close();
    workDone();
    const summary = await indexFolder(await open('/matcher', '/writer'), photos);
    expect(summary).toMatchObject({ embedded: count, captioned: 0 });
    await expectScoresBy(models.matcher);
  });

  it('is given to captions that photos came with, by a model that only matches', async () => {
    const { exiftool } = await import('exiftool-vendored');
    const captioned = join(photos, 'captioned.jpg');
    await writeFile(captioned, await makeJpeg(1));
    await exiftool.write(captioned, { Description: 'A quay at dawn' }, ['-overwrite_original']);
    await exiftool.end();
    await indexFolder(await open('/matcher'), photos);
    expect(await captionRows()).toMatchObject([{ text: 'A quay at dawn', origin: 'imported' }]);
    await expectScoresBy(models.matcher);
    expect(scoresDone()).toBe(1);
  });

  it('stays as it is under a model that cannot match', async () => {
    await indexFolder(await open('/matcher', '/writer'), photos);
    await engine.close();
    await indexFolder(await open('/writer'), photos);
    await expectScoresBy(models.matcher);
  });

  const scoresDone = () => engine.jobs.activity().stages.find(({ name }) => name === 'score')?.done;
  const scorers = async () => [...new Set((await captionRows()).map((row) => row.itmModelId))];
});

describe('a model of two checkpoints', () => {
  it('embeds by the one and captions by the other, each photo once', async () => {
    const summary = await indexFolder(await open('/matcher', '/writer'), photos);
    expect(summary).toMatchObject({ embedded: count, captioned: count, failed: [] });
    expect(workDone()).toMatchObject({ matcher: [count, 0], writer: [count, count] });
    const written = await captions();
    expect(written.every(({ modelId }) => modelId === 'writer@000000000000')).toBe(true);
    expect(written.every(({ itm }) => itm !== null)).toBe(true);
  });

  it('searches without the encoder of the captioner', async () => {
    await indexFolder(await open('/matcher', '/writer'), photos);
    await engine.close();
    workDone();
    // Features are not kept over a restart, so the re-ranking must encode.
    await open('/matcher', '/writer');
    await search('a dog');
    expect(workDone()).toMatchObject({ matcher: [count, 0], writer: [0, 0] });
  });

  it('does only the work of the role that changed', async () => {
    await indexFolder(await open('/matcher', '/writer'), photos);
    await engine.close();
    workDone();

    const captionsAnew = await indexFolder(await open('/matcher', '/otherWriter'), photos);
    expect(captionsAnew).toMatchObject({ embedded: 0, captioned: count });
    expect(workDone()['otherWriter']).toEqual([count, count]);
    await engine.close();

    const vectorsAnew = await indexFolder(await open('/otherMatcher', '/otherWriter'), photos);
    expect(vectorsAnew).toMatchObject({ embedded: count, captioned: 0 });
    expect(workDone()).toMatchObject({ otherMatcher: [count, 0], otherWriter: [0, 0] });
  });

  it('is chosen in the settings, a role at a time', async () => {
    engine = await openEngine({
      libraryFolder: join(folder, 'library'),
      emit: () => {},
      loadModel: load,
    });
    const { handlers } = engine;
    await handlers['settings/set']({ modelFolder: '/matcher', captionerFolder: '/writer' });
    expect((await engine.model()).info).toMatchObject({ name: 'matcher + writer' });
    const settings = await handlers['settings/set']({ captionerFolder: null });
    expect(settings).toMatchObject({ modelFolder: '/matcher', captionerFolder: null });
    expect((await engine.model()).info).toMatchObject({ name: 'matcher', captioner: null });
  });
});
