import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeModels } from '#main/med/graphs/probe.ts';
import { loadModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { measure, readExpected } from './answers.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'tests/fixtures/tiny-model');
const starter = join(root, 'resources/models/starter');
const texts = ['a boat', 'a photo of mountains', 'pink flowers in a garden'];
const pixels = [0, 1, 2].map((photo) =>
  Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) =>
    Math.round(128 + 127 * Math.sin(i * (0.01 + 0.037 * photo) + photo)),
  ),
);

const canMultiplyIntegers = await chooseDevice({ requested: 'cpu', dtype: 'int8' }, probeModels())
  .then(() => true)
  .catch(() => false);

test('a small model computes in f32 unless told otherwise', async () => {
  const model = await loadModel({ folder, device: 'cpu' });
  expect(model.device.dtype).toBe('f32');
  await model.dispose();
});

describe.skipIf(!canMultiplyIntegers)('a model in 8-bit integers', () => {
  let exact: MedModel;
  let model: MedModel;

  beforeAll(async () => {
    exact = await loadModel({ folder, device: 'cpu', dtype: 'f32' });
    model = await loadModel({ folder, device: 'cpu', dtype: 'int8' });
  });

  afterAll(async () => {
    await exact.dispose();
    await model.dispose();
  });

  test('says so', () => {
    expect(model.device).toMatchObject({ provider: 'cpu', dtype: 'int8' });
    expect(model.device.reason).toMatch(/8-bit integers/);
  });

  test('sees and reads as the one in f32 does, but for the rounding', async () => {
    const [coarse, fine] = [await model.embedImages(pixels), await exact.embedImages(pixels)];
    for (const [i, { features, embedding }] of coarse.entries()) {
      expect(cosine(features.patches, fine[i].features.patches)).toBeGreaterThan(0.999);
      expect(cosine(embedding, fine[i].embedding)).toBeGreaterThan(0.995);
      expect(embedding).not.toEqual(fine[i].embedding);
    }
    const [read, readExactly] = [await model.embedTexts(texts), await exact.embedTexts(texts)];
    read.forEach((embedding, i) => {
      expect(cosine(embedding, readExactly[i])).toBeGreaterThan(0.998);
    });
  });

  test('scores the words of a caption as the one in f32 does, but for the rounding', async () => {
    const images = (await exact.embedImages(pixels)).map(({ features }) => features);
    const said = await exact.caption(images, { method: 'greedy' });
    for (const [i, [{ tokens }]] of said.entries()) {
      const [scores] = await model.scoreTokens([images[i]], tokens);
      const [expected] = await exact.scoreTokens([images[i]], tokens);
      expect(cosine(scores, expected)).toBeGreaterThan(0.995);
    }
  });

  test('says of a photo what it says of it among others', async () => {
    const together = await model.embedImages(pixels);
    const captions = await model.caption(
      together.map(({ features }) => features),
      { method: 'beam' },
    );
    for (const [i, photo] of pixels.entries()) {
      const [alone] = await model.embedImages([photo]);
      expect(cosine(alone.embedding, together[i].embedding)).toBeGreaterThan(0.99999);
      const [[caption]] = await model.caption([alone.features], { method: 'beam' });
      expect(caption.text).toBe(captions[i][0].text);
    }
  });

  test('answers as the reference does, with the model that ships', async () => {
    const expected = readExpected('starter');
    const tokenizer = createTokenizer(readFileSync(join(starter, 'vocab.txt'), 'utf8'));
    const { answers } = await measure(starter, 'cpu', expected, 'int8');
    const errors = expected.map(({ itc, itm }, i) => {
      expect(Math.abs(answers[i].itc - itc)).toBeLessThan(0.02);
      return Math.abs(answers[i].probability - 1 / (1 + Math.exp(itm[0] - itm[1])));
    });
    // All but one of 32 lie within 0.04, and that one at 0.10.
    expect(errors.filter((error) => error >= 0.05).length).toBeLessThanOrEqual(1);
    expect(Math.max(...errors)).toBeLessThan(0.15);
    const same = answers.filter(({ text }, i) => text === tokenizer.decode(expected[i].greedy));
    // A captioner polished for rewards likes several captions about as much; those that differ score the same.
    expect(same.length).toBeGreaterThanOrEqual(expected.length / 2);
  });
});

function cosine(one: Iterable<number>, other: Iterable<number>): number {
  const [a, b] = [Array.from(one), Array.from(other)];
  const dot = (x: number[], y: number[]) => x.reduce((sum, v, i) => sum + v * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
