import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchProgress, SearchQuery } from '#shared/schemas/search.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { loadModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import { makeJpeg, makePhotos } from '../support/photo-folder.ts';

const modelFolder = new URL('../fixtures/tiny-model', import.meta.url).pathname;
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** A library of real photos, embedded by a real model. */
describe('searching a library', () => {
  let folder: string;
  let engine: Engine;
  let paths: string[];
  let model: MedModel;
  let states: SearchProgress[] = [];
  /** Cosine and score of every photo for a sentence, computed one by one from its file. */
  let bruteForce: (text: string) => Promise<{ file: string; cosine: number; score: number }[]>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medley-search-'));
    const photos = join(folder, 'photos');
    paths = await makePhotos(photos, 60);
    engine = await openEngine({
      libraryFolder: join(folder, 'library'),
      modelFolder,
      device: 'cpu',
      emit: () => {},
    });
    await indexFolder(engine, photos);
    model = await loadModel({ folder: modelFolder, device: 'cpu' });
    bruteForce = async (text) => {
      const [vector] = await model.embedTexts([text]);
      const scored = [];
      for (const file of paths) {
        const size = { minSide: model.info.imageSize, minLongSide: 640 };
        const pixels = preprocess(model, await decodeImage(file, size));
        const [{ embedding, features }] = await model.embedImages([pixels]);
        const [{ logit }] = await model.match([features], [text]);
        const cosine = dot(vector, embedding);
        scored.push({ file, cosine, score: cosine + logit });
      }
      return scored.toSorted((a, b) => b.cosine - a.cosine);
    };
  });
  afterAll(async () => {
    await engine.close();
    await model.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  function search(query: SearchQuery, signal = new AbortController().signal) {
    states = [];
    return engine.handlers['search/run'](
      { query, limit: 60, shortlist: 60, sort: 'relevance' },
      { signal, progress: (state) => states.push(state) },
    );
  }

  it('re-ranks the nearest photos as scoring each file from scratch does', async () => {
    const text = 'a dog on the beach';
    const all = await bruteForce(text);
    const { results, ms, above } = await search({ kind: 'text', text });
    const byFile = new Map(all.map((each) => [each.file, each]));
    const known = results.map(({ file }) => byFile.get(file) ?? { cosine: NaN, score: NaN });
    results.forEach(({ itc, score, itm }, i) => {
      expect(itc).toBeCloseTo(known[i].cosine, 4);
      expect(score).toBeCloseTo(known[i].score, 4);
      expect(itm).not.toBeNull();
    });
    // A random model's scores lie close together, so neighbours may swap within rounding.
    const last = above ?? 0;
    for (const part of [known.slice(0, last), known.slice(last)]) {
      part.forEach(({ score }, i) => {
        if (i > 0) expect(score).toBeLessThanOrEqual(part[i - 1].score + 1e-4);
      });
    }
    expect(ms.embed).toBeGreaterThan(0);
    expect(ms.rerank).toBeGreaterThan(0);
    const shortlist = states[0].results.map(({ itc }) => itc ?? NaN);
    expect(states[0].stage).toBe('shortlist');
    expect(shortlist).toEqual(shortlist.toSorted((a, b) => b - a));
  });

  it('finds by file, folder, filter and exact words, and completes them', async () => {
    const one = paths[17];
    const name = basename(one, '.jpg');
    const byName = await search({ kind: 'text', text: `"${name}"` });
    expect(byName.results.map(({ file }) => file)).toContain(one);
    expect(byName.results[0].words[0]).toMatchObject({ field: 'file', byPerson: true });
    const listed = await search({ kind: 'text', text: 'folder:photos' });
    expect(listed).toMatchObject({ total: 60, more: false, searched: 60 });
    const none = await search({ kind: 'text', text: '-folder:photos' });
    expect(none).toMatchObject({ total: 0, results: [] });
    const filtered = await search({ kind: 'text', text: 'a dog folder:nowhere' });
    expect(filtered).toMatchObject({ searched: 0, results: [] });
    const complete = (text: string) =>
      engine.handlers['search/complete']({ text, at: text.length });
    expect((await complete('a dog fo')).items).toEqual([
      { text: 'folder:', label: 'folder', count: null },
    ]);
    const folders = await complete('a dog folder:ph');
    expect(folders).toMatchObject({ start: 13, end: 15 });
    expect(folders.items[0]).toEqual({ text: 'photos', label: 'photos', count: 60 });
    expect(folders.items[1]).toEqual({
      text: '"photos/album 0"',
      label: 'photos/album 0',
      count: 10,
    });
  });

  it('says of a filter that there is not that it was searched as words', async () => {
    const done = await search({ kind: 'text', text: 'a dog colour:red' });
    const [first] = done.notes;
    expect(first).toMatchObject({ kind: 'unknown-filter', words: ['colour:red'] });
    expect(states.every(({ notes }) => notes[0]?.kind === 'unknown-filter')).toBe(true);
    const known = await search({ kind: 'text', text: 'a dog -camera:Canon' });
    expect(known.notes.map(({ kind }) => kind)).not.toContain('unknown-filter');
  });

  it('refuses a text that asks for nothing', async () => {
    for (const text of ['""', '!?', 'date:']) {
      await expect(search({ kind: 'text', text })).rejects.toMatchObject({ code: 'bad-request' });
    }
  });

  it('ends a search that its caller cancels, and no other', async () => {
    const controller = new AbortController();
    const first = search({ kind: 'text', text: 'a red car' }, controller.signal);
    const second = search({ kind: 'text', text: 'a blue boat' });
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(await second).toMatchObject({ stage: 'done' });
  });

  it('finds photos like one of the library, without that one', async () => {
    const { ids } = await engine.handlers['photos/timeline'](null);
    const { results } = await search({ kind: 'photo', id: ids[0] });
    expect(results).toHaveLength(59);
    expect(results.some(({ id }) => id === ids[0])).toBe(false);
    expect(results.every(({ itm, itc, score }) => itm === null && itc === score)).toBe(true);
  });

  it('finds the photo that a picture brought along is a copy of', async () => {
    const base64 = (await readFile(paths[17])).toString('base64');
    const { results } = await search({ kind: 'image', base64 });
    expect(results[0].file).toBe(paths[17]);
    expect(results[0].itc).toBeCloseTo(1, 4);
  });

  it('says what is wrong with a picture that cannot be read', async () => {
    const base64 = Buffer.from('no picture').toString('base64');
    await expect(search({ kind: 'image', base64 })).rejects.toMatchObject({
      code: 'image-unsupported',
    });
    await expect(search({ kind: 'photo', id: '0'.repeat(32) })).rejects.toMatchObject({
      code: 'photo-unknown',
    });
  });

  it('answers while photos are being imported', async () => {
    const more = join(folder, 'photos', 'more');
    await makePhotos(more, 30, 2);
    await writeFile(join(more, 'one.jpg'), await makeJpeg(5));
    const importing = indexFolder(engine, join(folder, 'photos'));
    const { results } = await search({ kind: 'text', text: 'two people' });
    expect(results.length).toBeGreaterThan(0);
    expect(await importing).toMatchObject({ photos: 91, embedded: 31, skipped: 60 });
  });
});
