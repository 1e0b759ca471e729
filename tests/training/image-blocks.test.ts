import { mkdirSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openAdapter } from '#main/med/adapter/adapter-file.ts';
import { adapterFile, baseFile } from '#main/med/adapter/trained-model.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { patchNumbers } from '#main/med/model/features.ts';
import { loadModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { splitPhotos } from '#main/training/data/photo-split.ts';
import { distinctPhotos } from '#main/training/data/training-photos.ts';
import { recipeFor } from '#main/training/recipe.ts';
import { train } from '#main/training/train.ts';
import { measures } from '#main/training/validation/measures.ts';
import { scorePhotos } from '#main/training/validation/photo-scores.ts';
import { pixelsOf, temporaryFolder, tinyModel, tinyTraining } from './tiny-training.ts';

vi.setConfig({ testTimeout: 240_000 });

const official = join(import.meta.dirname, '../fixtures/official/matching');

async function using<T>(
  options: Omit<Parameters<typeof loadModel>[0], 'device'>,
  use: (model: MedModel) => Promise<T>,
): Promise<T> {
  const model = await loadModel({ ...options, device: 'cpu' });
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

/** What a model makes of photos with these captions, from their pixels on. */
async function measured(
  model: MedModel,
  photos: readonly { readonly file: string; readonly captions: readonly string[] }[],
) {
  const pixels = await Promise.all(photos.map(({ file }) => pixelsOf(model, file)));
  const embedded = await model.embedImages(pixels);
  return photos.map(({ captions }, i) => ({ captions, ...embedded[i] }));
}

test.each([
  ['a convolutional stem with blocks behind it', tinyModel],
  ['a plain ViT', official],
])('%s: what is measured is the whole model as it will be used', async (_, modelFolder) => {
  const options = {
    ...tinyTraining('filter', 'text', { imageBlocks: 1, rate: 3e-3, epochs: 1 }),
    modelFolder,
  };
  const { file, card } = await train(options);
  const { tensors } = await openAdapter(file);
  const ofImage = [...tensors.keys()].filter((name) => name.startsWith('vision_model.'));
  expect(ofImage).toContain('vision_model.encoder.layers.1.self_attn.qkv.weight');
  expect(ofImage).toContain('vision_model.post_layernorm.bias');
  expect(ofImage.filter((name) => !/layers\.1\.|post_layernorm/.test(name))).toEqual([]);

  const photos = await distinctPhotos(options.photos, () => {});
  const { heldOut } = splitPhotos(photos, options.recipe, options.recipe.seed);
  for (const [which, adapters] of [
    ['before', []],
    ['after', [file]],
  ] as const) {
    const random = seededRandom(options.recipe.seed, 3);
    const scores = await using({ folder: modelFolder, adapters }, async (model) =>
      scorePhotos(model, await measured(model, heldOut), { rerank: 8, random }),
    );
    const found = card.scores.map(({ measure }) => [
      measure,
      measures.find(({ name }) => name === measure)?.of(scores),
    ]);
    expect(found).toEqual(card.scores.map((score) => [score.measure, score[which]]));
  }
  expect(card.scores.some(({ before, after }) => before !== after)).toBe(true);
});

test('a captioner with image blocks has an image encoder of its own, beside the base', async () => {
  const options = tinyTraining('captioning', 'lora', { imageBlocks: 2, rate: 1e-2, epochs: 1 });
  const { file } = await train(options);
  const photos = options.photos.slice(0, 3).map((each) => ({ ...each, captions: [] }));
  const look = (model: MedModel) => measured(model, photos);
  const texts = options.photos.slice(0, 3).map(({ captions }) => captions[0]);
  const told = async (model: MedModel) => {
    const images = await look(model);
    const features = images.map((image) => image.features);
    return {
      info: model.info,
      vectors: images.map(({ embedding }) => embedding),
      captioners: features.map(({ captioner }) => captioner && patchNumbers(captioner).slice()),
      said: await model.logLikelihoods(features, texts),
    };
  };
  const trained = join(temporaryFolder(), 'trained');
  mkdirSync(trained);
  copyFileSync(file, join(trained, adapterFile));
  writeFileSync(join(trained, baseFile), JSON.stringify({ base: tinyModel }));

  const base = await using({ folder: tinyModel }, told);
  const alone = await using({ folder: trained }, async (model) => {
    const features = (await look(model)).map((image) => image.features);
    const said = await model.logLikelihoods(features, texts);
    return { info: model.info, patches: features.map((each) => patchNumbers(each).slice()), said };
  });
  expect(alone.info.imageId).toBe(alone.info.id);
  expect(alone.info.id).not.toBe(base.info.id);
  // As a file beside the model, and as a model of its own that writes captions for it.
  for (const beside of [
    { folder: tinyModel, adapters: [file] },
    { folder: tinyModel, captionerFolder: trained },
  ]) {
    const both = await using(beside, told);
    expect(both.vectors).toEqual(base.vectors);
    expect(both.captioners).toEqual(alone.patches);
    expect(both.said).toEqual(alone.said);
    expect(both.said).not.toEqual(base.said);
    expect(both.info).toMatchObject({ embeddingSize: base.info.embeddingSize, captioner: {} });
  }
  const one = await using({ folder: tinyModel, adapters: [file] }, told);
  expect(one.info).toMatchObject({ name: 'tiny', parameters: base.info.parameters });
  const two = await using({ folder: tinyModel, captionerFolder: trained }, told);
  expect(two.info.imageId).toBe(base.info.imageId);
});

test('blocks that are trained as they are move as little at a time as a text stack', () => {
  const rateOf = (trainable: 'heads' | 'lora' | 'text', imageBlocks: number) =>
    recipeFor('filter', trainable, { imageBlocks }).rate;
  expect(rateOf('heads', 1)).toBe(rateOf('text', 0));
  expect(rateOf('lora', 1)).toBe(rateOf('lora', 0));
  expect(rateOf('heads', 0)).toBeGreaterThan(rateOf('lora', 0));
});

test('more image blocks than a model has are refused by its name', async () => {
  const options = tinyTraining('filter', 'lora', { imageBlocks: 3 });
  await expect(train(options)).rejects.toMatchObject({
    code: 'bad-request',
    subject: 'imageBlocks',
    message: expect.stringMatching(/image encoder of tiny has 2 blocks .* not 3/) as string,
  });
});
