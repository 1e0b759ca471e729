import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openAdapter } from '#main/med/adapter/adapter-file.ts';
import { loadModel } from '#main/med/model/load.ts';
import { train, type TrainOptions } from '#main/training/train.ts';
import { MedleyError } from '#shared/errors.ts';
import { pixelsOf, temporaryFolder, tinyModel, tinyPhotos, tinyTraining } from './tiny-training.ts';

// A training opens sessions for every epoch, which takes long on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

/** Trains, and puts the training down when it tells that so many steps are done. */
async function trainUntil(options: TrainOptions, step: number): Promise<void> {
  const controller = new AbortController();
  const run = train({
    ...options,
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (stage === 'training' && done >= step) controller.abort(new MedleyError('cancelled', '.'));
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
}

test.each([
  ['lora', 'f32', 1],
  ['text', 'f32', 0],
  ['lora', 'f16', 0],
] as const)(
  'a training of %s in %s with %i image blocks put down and taken up again ends with the same bytes',
  async (trainable, dtype, imageBlocks) => {
    const options = tinyTraining('all', trainable, { queue: 12, dtype, imageBlocks });
    const undisturbed = readFileSync((await train(options)).file);
    const disturbed = { ...options, folder: temporaryFolder() };
    await trainUntil(disturbed, 1);
    await trainUntil({ ...disturbed, resume: true }, 4);
    await trainUntil({ ...disturbed, resume: true }, 5);
    const { file } = await train({ ...disturbed, resume: true });
    expect(readFileSync(file).equals(undisturbed)).toBe(true);
    expect(readdirSync(disturbed.folder)).toEqual(['adapter.safetensors']);
  },
);

test('a run of four steps ends with the same bytes as four of one, put down within an epoch too', async () => {
  const options = tinyTraining('all', 'lora', { queue: 12, batch: 4, accumulation: 2 });
  const single = readFileSync((await train({ ...options, stepsPerRun: 1 })).file);
  const many = { ...options, folder: temporaryFolder(), stepsPerRun: 4 };
  expect(readFileSync((await train(many)).file).equals(single)).toBe(true);
  const disturbed = { ...options, folder: temporaryFolder() };
  await trainUntil({ ...disturbed, stepsPerRun: 3 }, 1);
  await trainUntil({ ...disturbed, stepsPerRun: 2, resume: true }, 4);
  const { file } = await train({ ...disturbed, stepsPerRun: 4, resume: true });
  expect(readFileSync(file).equals(single)).toBe(true);
});

test('a training killed at any moment goes on from what lies on the disk, to the same bytes', async () => {
  const options = { ...tinyTraining('filter', 'lora', { epochs: 1 }), checkpointSeconds: 0 };
  const copies = new Map<string, string>();
  const { file } = await train({
    ...options,
    onProgress: ({ stage, done, scores }) => {
      const copy = temporaryFolder();
      cpSync(options.folder, copy, { recursive: true });
      rmSync(join(copy, 'training.lock'));
      copies.set(`${stage} ${done} ${scores.length}`, copy);
    },
  });
  expect(copies.size).toBeGreaterThan(8);
  for (const [moment, folder] of copies) {
    const resumed = await train({ ...options, folder, resume: true });
    expect(readFileSync(resumed.file).equals(readFileSync(file)), moment).toBe(true);
  }
});

test('what is learnt is what the adapter makes of the base', async () => {
  const options = tinyTraining('captioning', 'lora', {
    epochs: 1,
    rate: 1e-2,
    smoothing: 0,
    batch: 4,
  });
  const outcome = await train({ ...options, photos: tinyPhotos(24, 8) });
  const perToken = async (adapters: string[], dtype: 'f32' | 'f16' | 'int8') => {
    const model = await loadModel({ folder: tinyModel, device: 'cpu', dtype, adapters });
    const pixels = await Promise.all(options.photos.map(({ file }) => pixelsOf(model, file)));
    const features = (await model.embedImages(pixels)).map((image) => image.features);
    const texts = options.photos.map(({ captions }) => captions[0]);
    const [likelihoods, { id }] = [await model.logLikelihoods(features, texts), model.info];
    await model.dispose();
    return { mean: likelihoods.reduce((sum, each) => sum + each, 0) / texts.length, id };
  };
  const before = await perToken([], 'f32');
  const after = await perToken([outcome.file], 'f32');
  expect(after.mean).toBeGreaterThan(before.mean + 2);
  expect(after.id).not.toBe(before.id);
  for (const dtype of ['f16', 'int8'] as const) {
    const other = await perToken([outcome.file], dtype);
    expect(Math.abs(other.mean - after.mean)).toBeLessThan(0.5);
  }
  const { card } = await openAdapter(outcome.file);
  expect(card).toEqual(outcome.card);
  expect(card).toMatchObject({ base: before.id, roles: ['captioner'], lora: { rank: 8 } });
  const other = join(import.meta.dirname, '../fixtures/tiny-model');
  await expect(
    loadModel({ folder: other, device: 'cpu', adapters: [outcome.file] }),
  ).rejects.toMatchObject({
    code: 'checkpoint-invalid',
    message: expect.stringContaining(before.id) as string,
  });
});

test('a training goes on to the same bytes without the files of photos that it knows by a key', async () => {
  const bare = tinyTraining('captioning', 'heads');
  const photos = bare.photos.map((photo, i) => ({ ...photo, key: `picture ${i}` }));
  const options: TrainOptions = {
    ...bare,
    photos,
    // As real photos, which are decoded from their files.
    loadPixels: (model, file) => {
      readFileSync(file);
      return pixelsOf(model, file);
    },
  };
  const { file } = await train({ ...options, folder: temporaryFolder() });
  await trainUntil(options, 2);
  for (const photo of photos) rmSync(photo.file);
  const resumed = await train({ ...options, resume: true });
  expect(resumed.unreadable).toEqual([]);
  expect(readFileSync(resumed.file).equals(readFileSync(file))).toBe(true);
});

test('a training put down while it looks at photos looks at each of them once', async () => {
  const looked: string[] = [];
  const controller = new AbortController();
  const options: TrainOptions = {
    ...tinyTraining('captioning', 'heads', { epochs: 1 }),
    loadPixels: (model, file) => {
      looked.push(file);
      return pixelsOf(model, file);
    },
  };
  const run = train({
    ...options,
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (stage === 'features' && done >= 8) controller.abort(new MedleyError('cancelled', '.'));
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  expect(looked.length).toBeLessThan(options.photos.length);
  await train({ ...options, resume: true });
  expect(looked.toSorted()).toEqual(options.photos.map(({ file }) => file).toSorted());
});

test('what cannot be learnt from is refused, and says why', async () => {
  const options = tinyTraining('captioning', 'heads');
  const refusal = async (change: Partial<TrainOptions>) => {
    const error: unknown = await train({ ...options, ...change }).catch(
      (reason: unknown) => reason,
    );
    return error instanceof MedleyError ? `${error.code}: ${error.message}` : String(error);
  };
  const photos = tinyPhotos(24);
  const all = (caption: string) => photos.map(({ file }) => ({ file, captions: [caption] }));
  expect(await refusal({ photos: photos.slice(0, 19) })).toMatch(/bad-request: Only 19 photos/);
  expect(await refusal({ photos: all('a dog!') })).toMatch(/All captions say the same \("a dog"\)/);
  const greek = photos.map(({ file }, i) => ({ file, captions: [`σκύλος ${'ας'.repeat(i)}`] }));
  expect(await refusal({ photos: greek })).toMatch(/24 of 24 captions .* cannot spell/);
  expect(await refusal({ recipe: { ...options.recipe, rate: 1e30 } })).toMatch(/training-diverged/);
  await trainUntil(options, 2);
  expect(await refusal({ resume: true, photos: photos.slice(1) })).toMatch(
    /other photos, captions/,
  );
  expect(await refusal({ resume: true, recipe: { ...options.recipe, epochs: 5 } })).toMatch(
    /begun with epochs 2, not 5\. .* go on with the same, or start anew in another folder/,
  );
  await expect(train({ ...options, resume: true })).resolves.toMatchObject({
    epochs: { length: 3 },
  });
});

test('with photos of its own for validation it learns from all others, and finds features that another left', async () => {
  const featuresFolder = temporaryFolder();
  const encoded: string[] = [];
  const loadPixels: TrainOptions['loadPixels'] = (model, file) => {
    encoded.push(file);
    return pixelsOf(model, file);
  };
  const photos = tinyPhotos(30);
  const [learnt, watched] = [photos.slice(0, 24), photos.slice(24)];
  const options = tinyTraining('captioning', 'heads', { epochs: 1 });
  const all = { ...options, loadPixels, featuresFolder };
  const { card } = await train({ ...all, photos: learnt.slice(0, 20), validation: watched });
  expect(card.data).toEqual({ photos: 26, captions: 52, train: 20, validation: 6, heldOut: 0 });
  expect(card).toMatchObject({ better: false, scores: [] });
  expect(encoded).toHaveLength(26);
  // One of them is given to learn from too: it is not.
  const other = { ...all, folder: temporaryFolder(), validation: watched };
  const more = await train({ ...other, photos: [...learnt, watched[0]] });
  expect(more.card.data).toMatchObject({ train: 24, validation: 6 });
  expect(encoded.slice(26)).toEqual(learnt.slice(20).map(({ file }) => file));
  // The features that were found are those that are made anew.
  const alone = { ...options, photos: learnt, validation: watched, folder: temporaryFolder() };
  const anew = await train(alone);
  expect(readFileSync(anew.file).equals(readFileSync(more.file))).toBe(true);
});
