import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventName, EventOf } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import type { ModelLoader } from '#main/engine/model/model-slot.ts';
import { device, loaderFor } from '../support/failing-device.ts';
import { HashModel } from '../support/hash-model.ts';
import { readLibrary } from '../support/library-contents.ts';
import { makeJpeg, makePhotos } from '../support/photo-folder.ts';
import { preprocess } from '#main/med/preprocess/square.ts';

let folder: string;
let library: string;
let photos: string;
let engine: Engine;
let model: HashModel;
let heard: { name: EventName; data: unknown }[];

/** Loads the model of this test anew; its counts go on. */
async function reload(): Promise<HashModel> {
  model.disposed = false;
  return model;
}

async function open(loadModel: ModelLoader = reload): Promise<Engine> {
  heard = [];
  engine = await openEngine({
    libraryFolder: library,
    emit: (name, data) => heard.push({ name, data }),
    loadModel,
  });
  return engine;
}

/** What was said under this name, in order. */
function said<E extends EventName>(name: E): EventOf<E>[] {
  return heard.filter((event) => event.name === name).map(({ data }) => data as EventOf<E>);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-engine-'));
  library = join(folder, 'library');
  photos = join(folder, 'photos');
  model = new HashModel();
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

describe('indexing', () => {
  it('embeds and captions every photo once, and nothing the second time', async () => {
    await makePhotos(photos, 30);
    const first = await indexFolder(await open(), photos);
    expect(first).toMatchObject({ photos: 30, embedded: 30, captioned: 30, skipped: 0 });
    expect(first.failed).toEqual([]);
    expect(await engine.handlers['library/info'](null)).toMatchObject({
      photos: 30,
      embedded: 30,
      captioned: 30,
      folders: [photos],
    });
    await engine.close();

    const encoded = model.encoded;
    const second = await indexFolder(await open(), photos);
    expect(second).toMatchObject({ photos: 30, embedded: 0, captioned: 0, skipped: 30 });
    expect(model.encoded).toBe(encoded);
    // Imported photos are handed over with their features: none is encoded twice.
    expect(encoded).toBe(30);
  });

  it('gives each caption its score and provenance', async () => {
    await makePhotos(photos, 1);
    await indexFolder(await open(), photos);
    const { ids } = await engine.handlers['photos/timeline'](null);
    const detail = await engine.handlers['photos/get']({ id: ids[0] ?? '' });
    expect(detail.captions).toMatchObject([
      {
        origin: 'machine',
        modelId: model.info.id,
        decoding: { method: 'beam', beams: 3, maxLength: 20 },
        itm: expect.closeTo(await matchOf(detail.captions[0]?.text ?? ''), 6),
        itmModelId: model.info.id,
        confirmed: false,
      },
    ]);
    expect(await engine.handlers['photos/labels']({ ids })).toMatchObject([
      { fileName: 'photo 0000.jpg', caption: { text: detail.captions[0]?.text } },
    ]);

    async function matchOf(text: string): Promise<number> {
      const { decodeImage } = await import('#main/library/decode/decode-image.ts');
      const image = await decodeImage(detail.files[0]?.path ?? '', {
        minSide: 8,
        minLongSide: 640,
      });
      const [{ features }] = await model.embedImages([preprocess(model, image)]);
      return (await model.match([features], [text]))[0].probability;
    }
  });

  it('scores the captions that photos came with', async () => {
    await mkdir(photos);
    const { exiftool } = await import('exiftool-vendored');
    const path = join(photos, 'captioned.jpg');
    await writeFile(path, await makeJpeg(1));
    await exiftool.write(path, { Description: 'A quay at dawn' }, ['-overwrite_original']);
    await exiftool.end();
    await indexFolder(await open(), photos);
    const { ids } = await engine.handlers['photos/timeline'](null);
    const { captions } = await engine.handlers['photos/get']({ id: ids[0] ?? '' });
    const imported = captions.find(({ origin }) => origin === 'imported');
    expect(imported).toMatchObject({ text: 'A quay at dawn', field: 'XMP-dc:Description' });
    expect(imported?.itm).toBeGreaterThan(0);
    expect(captions.map(({ origin }) => origin)).toEqual(['imported', 'machine']);
  });

  it('reports a broken photo by name and imports the others', async () => {
    const [broken] = await makePhotos(photos, 5);
    await writeFile(broken, (await readFile(broken)).subarray(0, 300));
    const summary = await indexFolder(await open(), photos);
    expect(summary).toMatchObject({ photos: 4, captioned: 4 });
    expect(summary.failed.map(({ file }) => file)).toEqual([broken]);
    const failures = await engine.handlers['activity/failures'](null);
    expect(failures).toMatchObject([
      { file: broken, stage: 'Take in photos', code: 'image-corrupt' },
    ]);

    await writeFile(broken, await makeJpeg(77));
    await engine.handlers['activity/retry'](null);
    await engine.idle();
    expect(await engine.handlers['activity/failures'](null)).toEqual([]);
    expect(await engine.handlers['library/info'](null)).toMatchObject({ photos: 5, captioned: 5 });
  });

  it('lets a photo the model cannot embed fail alone', async () => {
    await makePhotos(photos, 12);
    const bad = await makeJpeg(4242);
    await writeFile(join(photos, 'poison.jpg'), bad);
    const { decodeImage } = await import('#main/library/decode/decode-image.ts');
    const poison = preprocess(model, await decodeImage(bad, { minSide: 8, minLongSide: 640 }));
    const embed = model.embedImages.bind(model);
    model.embedImages = async (pixels) => {
      if (pixels.some((each) => each.join() === poison.join())) throw new Error('poisoned');
      return embed(pixels);
    };
    const summary = await indexFolder(await open(), photos);
    expect(summary).toMatchObject({ embedded: 12, captioned: 12 });
    expect(summary.failed).toEqual([{ file: join(photos, 'poison.jpg'), error: 'poisoned' }]);
    await engine.close();

    // It stays failed, and is not tried again by itself.
    const again = await indexFolder(await open(), photos);
    expect(again).toMatchObject({ embedded: 0, captioned: 0, skipped: 13 });
  });

  it('stops with a notice when the model fails on everything', async () => {
    await makePhotos(photos, 10);
    model.embedImages = () => Promise.reject(new Error('device lost'));
    await expect(indexFolder(await open(), photos)).rejects.toThrow('device lost');
    expect(said('notice')).toMatchObject([{ level: 'warning' }]);
    expect(await engine.handlers['activity/failures'](null)).toEqual([]);
    expect(await engine.handlers['activity/get'](null)).toMatchObject({
      state: 'paused',
      problem: expect.stringContaining('device lost'),
    });

    model.embedImages = HashModel.prototype.embedImages.bind(model);
    await engine.handlers['activity/resume'](null);
    await engine.idle();
    expect(await engine.handlers['library/info'](null)).toMatchObject({ captioned: 10 });
    expect(await engine.handlers['activity/get'](null)).toMatchObject({ problem: null });
  });

  it('moves its revision while photos come in', async () => {
    await makePhotos(photos, 2);
    const { revision } = await (await open()).handlers['library/info'](null);
    await indexFolder(engine, photos);
    expect((await engine.handlers['library/info'](null)).revision).toBeGreaterThan(revision);
  });

  it('follows moved and deleted files', async () => {
    const [moved, deleted] = await makePhotos(photos, 3);
    await indexFolder(await open(), photos);
    const encoded = model.encoded;
    await rename(moved, join(photos, 'elsewhere.jpg'));
    await rm(deleted);
    const summary = await indexFolder(engine, photos);
    expect(summary).toMatchObject({ photos: 2, embedded: 0, captioned: 0 });
    expect(model.encoded).toBe(encoded);
  });

  it('tells its progress up to the end', async () => {
    await makePhotos(photos, 20);
    await indexFolder(await open(), photos);
    await engine.close();
    const last = said('activity/changed').at(-1);
    expect(last).toMatchObject({ state: 'idle', secondsLeft: null, failures: 0 });
    expect(last?.stages.map(({ name, done, total }) => [name, done, total])).toEqual([
      ['import', 20, 20],
      ['embed', 20, 20],
      ['caption', 20, 20],
      ['score', 0, 0],
      ['judge', 0, 0],
      ['propose', 0, 0],
    ]);
    expect(said('library/changed').at(-1)).toMatchObject({ photos: 20, captioned: 20 });
  });
});

describe('a device that fails at work', () => {
  /** What a run on a device that never fails leaves in the library. */
  async function undisturbed() {
    await makePhotos(photos, 40);
    await indexFolder(await open(loaderFor([device('cpu')])), photos);
    await engine.close();
    const rows = await readLibrary(library, model.info.id, model.info.embeddingSize);
    await rm(library, { recursive: true });
    return rows;
  }

  it('is replaced, with a notice and no work lost', async () => {
    const expected = await undisturbed();
    const card = device('cuda', { callsLeft: 5 });
    const spare = device('webgpu', { callsLeft: 4, comesBack: true, fits: 3 });
    await open(loaderFor([card, spare, device('cpu')]));
    const summary = await indexFolder(engine, photos);
    expect(summary).toMatchObject({ photos: 40, embedded: 40, captioned: 40, failed: [] });
    expect(said('notice').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The device cuda .*started again/),
      expect.stringMatching(/^The device cuda .*webgpu has taken over/),
      expect.stringMatching(/^The device webgpu .*started again/),
    ]);
    expect(await engine.handlers['model/status'](null)).toMatchObject({
      state: 'ready',
      device: { provider: 'webgpu' },
      batches: { embed: 2, caption: 2, measured: true },
    });
    await engine.close();
    const rows = await readLibrary(library, model.info.id, model.info.embeddingSize);
    expect(rows).toEqual(expected);
  });

  it('does not end a search', async () => {
    await makePhotos(photos, 6);
    const card = device('webgpu');
    await indexFolder(await open(loaderFor([card, device('cpu')])), photos);
    const search = (text: string) =>
      engine.handlers['search/run']({
        query: { kind: 'text', text },
        limit: 6,
        shortlist: 6,
        sort: 'relevance',
      });
    const before = (await search('a quay')).results;
    card.callsLeft = 0;
    // What was matched is not matched again, so it takes another text.
    const found = await search('a pier');
    expect(found.stage).toBe('done');
    expect(found.results.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    expect(found.results.every(({ itc, itm }) => itc !== null && itm !== null)).toBe(true);
    expect((await engine.model()).device.provider).toBe('cpu');
  });
});

describe('pause, resume and cancel', () => {
  /** Starts an import and waits until the model has begun. */
  async function beginImport(): Promise<void> {
    await makePhotos(photos, 40);
    const caption = model.caption.bind(model);
    model.caption = async (images) => {
      await setTimeout(50);
      return caption(images);
    };
    await open();
    engine.start();
    await engine.handlers['library/import']({ folder: photos });
    const often = { timeout: 10_000, interval: 5 };
    await expect.poll(() => model.encoded, often).toBeGreaterThan(0);
  }

  it('keeps paused work over a restart, and resumes it', async () => {
    await beginImport();
    await engine.handlers['activity/pause'](null);
    await engine.close();
    const before = model.captioned;
    expect(before).toBeLessThan(40);

    await open();
    engine.start();
    await engine.idle();
    expect(engine.jobs.activity().state).toBe('paused');
    expect(model.captioned).toBe(before);

    await engine.handlers['activity/resume'](null);
    await engine.idle();
    expect(engine.jobs.activity().state).toBe('idle');
    expect(model.captioned).toBe(40);
    await engine.close();
    const { rows } = await readLibrary(library, model.info.id, model.info.embeddingSize);
    expect(rows).toEqual({
      assets: 40,
      words: 40,
      evidence: 0,
      contents: 40,
      files: 40,
      observations: rows.observations,
      captions: 40,
      scores: 40,
      verdicts: 0,
      vectors: 40,
    });
    await open();
  });

  it('drops the work left when cancelled, until the next import', async () => {
    await beginImport();
    await engine.handlers['activity/cancel'](null);
    await engine.close();
    const before = model.captioned;

    await open();
    engine.start();
    await engine.idle();
    expect(engine.jobs.activity()).toMatchObject({ state: 'cancelled' });
    expect(model.captioned).toBe(before);

    const summary = await indexFolder(engine, photos);
    expect(summary.photos).toBe(40);
    expect(model.captioned).toBe(40);
  });

  it('takes unfinished work up when the engine opens', async () => {
    await beginImport();
    await engine.close();
    await open();
    engine.start();
    await engine.idle();
    expect(await engine.handlers['library/info'](null)).toMatchObject({
      photos: 40,
      captioned: 40,
    });
  });
});

describe('the model', () => {
  it('leaves the library browsable when it cannot be loaded', async () => {
    await makePhotos(photos, 4);
    await indexFolder(await open(), photos);
    await engine.close();

    await open(() =>
      Promise.reject(new MedleyError('checkpoint-invalid', 'model.safetensors is damaged.')),
    );
    engine.start();
    await engine.idle();
    expect(await engine.handlers['model/status'](null)).toMatchObject({
      state: 'failed',
      error: 'model.safetensors is damaged.',
    });
    const { ids } = await engine.handlers['photos/timeline'](null);
    expect(ids).toHaveLength(4);
    const labels = await engine.handlers['photos/labels']({ ids });
    expect(labels.every(({ caption }) => caption !== null)).toBe(true);
    const search = engine.handlers['search/run']({
      query: { kind: 'text', text: 'a dog' },
      limit: 10,
      shortlist: 10,
      sort: 'relevance',
    });
    await expect(search).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  it('imports photos without one, and embeds them once another is chosen', async () => {
    await makePhotos(photos, 4);
    await open(async ({ folder: chosen }) => {
      if (chosen !== '/good') throw new MedleyError('file-missing', 'There is no model.');
      return model;
    });
    engine.start();
    await engine.handlers['library/import']({ folder: photos });
    await engine.idle();
    expect(await engine.handlers['library/info'](null)).toMatchObject({ photos: 4, embedded: 0 });

    await engine.handlers['settings/set']({ modelFolder: '/good' });
    await expect.poll(() => said('model/changed').at(-1)?.state).toBe('ready');
    await engine.idle();
    expect(await engine.handlers['library/info'](null)).toMatchObject({
      embedded: 4,
      captioned: 4,
    });
    expect(await engine.handlers['settings/set']({ device: 'cpu' })).toMatchObject({
      device: 'cpu',
      modelFolder: '/good',
      captionerFolder: null,
    });
  });

  it('can be replaced in the middle of an import', async () => {
    await makePhotos(photos, 40);
    const other = new HashModel('other');
    await open(async ({ folder: chosen }) => (chosen === '/other' ? other : model));
    engine.start();
    await engine.handlers['library/import']({ folder: photos });
    await expect.poll(() => model.encoded).toBeGreaterThan(0);
    await engine.handlers['settings/set']({ modelFolder: '/other' });
    await expect.poll(() => said('model/changed').at(-1)?.model?.name).toBe('other');
    await engine.idle();
    expect(model.disposed).toBe(true);
    expect(await engine.handlers['activity/failures'](null)).toEqual([]);
    expect(said('notice')).toEqual([]);
    expect(await engine.handlers['library/info'](null)).toMatchObject({
      photos: 40,
      embedded: 40,
      captioned: 40,
    });
  });
});

describe('photos/file', () => {
  it('leads to files of the library only', async () => {
    const [first] = await makePhotos(photos, 1);
    await indexFolder(await open(), photos);
    const { ids } = await engine.handlers['photos/timeline'](null);
    const id = ids[0] ?? '';
    const file = engine.handlers['photos/file'];
    expect(await file({ id, rendition: 'view' })).toMatchObject({
      path: first,
      contentType: 'image/jpeg',
    });
    const thumbnail = await file({ id, rendition: 'thumbnail' });
    expect(thumbnail.path.startsWith(library)).toBe(true);
    expect((await readFile(thumbnail.path)).subarray(8, 12).toString()).toBe('WEBP');

    await expect(file({ id: '0'.repeat(32), rendition: 'view' })).rejects.toMatchObject({
      code: 'photo-unknown',
    });
    // A link put in the photo's place must not lead out of the folder.
    const { symlink } = await import('node:fs/promises');
    const outside = join(folder, 'secret.jpg');
    await writeFile(outside, 'secret');
    await rm(first);
    await symlink(outside, first);
    await expect(file({ id, rendition: 'view' })).rejects.toMatchObject({ code: 'file-missing' });
  });
});
