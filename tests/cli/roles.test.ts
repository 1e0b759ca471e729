import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  captioningConfig,
  captioningWeights,
  matchingConfig,
  matchingWeights,
  writeHuggingFace,
  writeOriginal,
} from '../support/blip-folders.ts';
import { makePhotos } from '../support/photo-folder.ts';
import { ListedPhoto } from './listed-documents.ts';
import { runMedley } from './run-medley.ts';

const matcher = writeHuggingFace(matchingConfig, matchingWeights);
const captioner = writeHuggingFace(captioningConfig, captioningWeights);
const whole = join(writeOriginal({ ...matchingWeights, ...captioningWeights }), 'model.pth');
const official = (name: string) => join(import.meta.dirname, '../fixtures/official', name);
const count = 4;
let folder: string;
let photos: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-cli-roles-'));
  photos = await makePhotos(join(folder, 'photos'), count);
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<unknown> {
  const finished = await runMedley([...args, '--device', 'cpu', '--json']);
  expect(finished).toMatchObject({ status: 0 });
  return JSON.parse(finished.stdout);
}

describe('official checkpoints on the command line', () => {
  it('index and search a library, one that matches beside one that captions', async () => {
    const library = ['--library', join(folder, 'library')];
    const models = ['--model', matcher, '--captioner', captioner];
    expect(await run('index', join(folder, 'photos'), ...library, ...models)).toMatchObject({
      embedded: count,
      captioned: count,
      failed: [],
    });
    const { results } = (await run('search', 'a dog', ...library, ...models)) as {
      results: { itm: number | null }[];
    };
    expect(results).toHaveLength(count);
    for (const { itm } of results) expect(itm).toEqual(expect.any(Number));
    const listed = await runMedley(['list', ...library, '--json']);
    const assets = z.array(ListedPhoto).parse(JSON.parse(listed.stdout));
    // Weights that are drawn at random may say nothing of a photo.
    const written = assets.flatMap(({ captions }) => captions.filter(({ text }) => text !== ''));
    expect(written.length).toBeGreaterThan(count / 2);
  });

  it('caption without a score where the model does not match', async () => {
    const [{ captions }] = (await run('caption', photos[0], '--model', captioner)) as [
      { captions: { text: string; itm: number | null }[] },
    ];
    expect(captions.every(({ text, itm }) => text.length > 0 && itm === null)).toBe(true);
    const match = ['match', photos[0], 'a dog', '--model', captioner, '--device', 'cpu'];
    const { status, stderr } = await runMedley(match);
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(/^medley: .*cannot match texts with photos\.$/);
  });

  it('see photos at another size where that is asked for', async () => {
    const match = ['match', photos[0], 'a dog', '--model', whole];
    const own = await run(...match);
    expect(await run(...match, '--image-size', '32')).toEqual(own);
    expect(await run(...match, '--image-size', '48')).not.toEqual(own);
  });

  it('are measured together, and at another size', async () => {
    const bench = ['bench', '--seconds', '0.01', '--max-batch', '1'];
    // Captions of 20 tokens need more places than the small checkpoints above have.
    const [matching, captioning] = ['matching', 'captioning'].map((name) => official(name));
    const models = ['--model', matching, '--captioner', captioning];
    const { rates, ...measured } = (await run(...bench, ...models, '--image-size', '48')) as {
      rates: { stage: string }[];
    };
    expect(measured).toMatchObject({
      model: expect.stringMatching(/^blip-itm@/),
      captioner: expect.stringMatching(/^blip-captioning@/),
      imageSize: 48,
    });
    expect(rates.map(({ stage }) => stage)).toEqual(['vision', 'greedy', 'beam3', 'texts']);
    expect(await run(...bench, '--model', matching)).toMatchObject({
      captioner: null,
      imageSize: 32,
    });
  });
});
