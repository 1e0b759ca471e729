import { expect, test } from 'vitest';
import { evaluate, type EvaluateOptions } from '#main/evaluation/evaluate.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { MedleyError } from '#shared/errors.ts';

/** Photos and captions as directions in a plane, in degrees, so that cosines can be read off. */
const photos = [
  { file: 'a', captions: ['a black dog runs on grass', 'an animal plays in a field'], angle: 0 },
  { file: 'b', captions: ['two men ride their bikes uphill'], angle: 90 },
  { file: 'c', captions: ['a child sleeps under a tree'], angle: 45 },
];
const textAngles = new Map([
  ['a black dog runs on grass', 10],
  ['an animal plays in a field', 80],
  ['two men ride their bikes uphill', 75],
  ['a child sleeps under a tree', 60],
]);

function direction(degrees: number): Float32Array {
  const radians = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(radians), Math.sin(radians));
}

/** A photo's own captions match it, but for one; two mismatched pairs pass as matches. */
function logitOf(photo: number, text: string): number {
  if (photo === 0 && text === 'a black dog runs on grass') return -3;
  if (photo === 2 && text !== 'an animal plays in a field') {
    return text === 'a child sleeps under a tree' ? 5 : 4;
  }
  return photos[photo].captions.includes(text) ? 5 : -5;
}

function createModel(): MedModel {
  return {
    info: {
      id: 'plane',
      imageId: 'plane',
      name: 'plane',
      folder: '',
      roles: { matching: true, captioning: true },
      captioner: null,
      parameters: 0,
      bytes: 0,
      imageSize: 1,
      embeddingSize: 2,
      cosineWeight: 1,
      card: null,
    },
    device: { requested: 'cpu', provider: 'cpu', dtype: 'f32', reason: '', candidates: [] },
    inputSides: [1],
    inputOf: ([square]) => square,
    embedImages: async (inputs) =>
      inputs
        .filter((photo) => photo instanceof Uint8Array)
        .map((photo) => ({
          features: { patches: Float32Array.from(photo) },
          embedding: direction(photos[photo[0]].angle),
        })),
    hasWord: () => true,
    embedTexts: async (texts) => texts.map((text) => direction(textAngles.get(text) ?? NaN)),
    match: async (images, texts) =>
      images.map(({ patches }, row) => {
        const logit = logitOf(patches[0], texts[row]);
        return { logit, probability: 1 / (1 + Math.exp(-logit)) };
      }),
    caption: async (images) =>
      images.map(({ patches }) => [
        { text: photos[patches[0]].captions[0], tokens: [], logprob: 0 },
      ]),
    scoreTokens: async (images) => images.map(({ patches }) => Float32Array.from(patches)),
    logLikelihoods: async (images) => images.map(() => -1),
    likelihoods: async (images) => images.map(() => ({ total: -1, words: [] })),
    decodingOf: ({ method }) => ({
      method,
      prompt: '',
      minLength: 0,
      maxLength: 9,
      repetitionPenalty: 1,
    }),
    dispose: async () => {},
  };
}

const options: EvaluateOptions = {
  model: createModel(),
  photos,
  loadPixels: async (file) => Uint8Array.of(photos.findIndex((photo) => photo.file === file)),
  rerank: 2,
};

test('measures retrieval, captions and matching as worked out by hand', async () => {
  const result = await evaluate(options);
  expect(result).toMatchObject({ photos: 3, captions: 4, rerank: 2 });
  // Only "an animal plays" (80 degrees) is nearest to another photo, b; its own is third.
  expect(result.textToPhoto.itc).toEqual({ r1: 75, r5: 100, r10: 100 });
  // Among its first two, "a black dog" now prefers c (4 against -3); "an animal" cannot reach a.
  expect(result.textToPhoto.reranked).toEqual({ r1: 50, r5: 100, r10: 100 });
  // Photo b is nearest to "an animal plays" (80 against 75 degrees); re-ranking puts that right.
  expect(result.photoToText.itc.r1).toBeCloseTo(200 / 3, 9);
  expect(result.photoToText.reranked).toEqual({ r1: 100, r5: 100, r10: 100 });
  // Own pairs -3, 5, 5, 5; hard negatives "a child" for a (-5), "an animal" for b (-5), and
  // "two men" for c (4).
  expect(result.matchingHard.auc).toBeCloseTo(11 / 12, 12);
  expect(result.matchingHard.accuracy).toBeCloseTo((3 / 4 + 2 / 3) / 2, 12);
  expect(result.matchingHard.bestAccuracy).toBeCloseTo((3 / 4 + 1) / 2, 12);
  expect(result.captioning).toMatchObject({ beams: 3 });
  expect(result.captioning.bleu4).toBeCloseTo(100, 9);
});

/** Options where photos of other names than those above cannot be decoded. */
function withUnreadable(shown: EvaluateOptions['photos']): EvaluateOptions {
  return {
    ...options,
    photos: shown,
    loadPixels: async (file) => {
      if (photos.some((photo) => photo.file === file)) return await options.loadPixels(file);
      throw new MedleyError('image-corrupt', `${file} is damaged`, { subject: file });
    },
  };
}

test('a photo that cannot be decoded is named, and in no figure', async () => {
  const damaged = { file: 'damaged', captions: ['nobody knows'] };
  const { unreadable, ...result } = await evaluate(
    withUnreadable([photos[0], damaged, photos[1], photos[2]]),
  );
  expect(unreadable).toMatchObject([{ file: 'damaged', error: { code: 'image-corrupt' } }]);
  expect({ ...result, unreadable: [] }).toEqual(await evaluate(options));
});

test('where no two photos are left, the first that cannot be decoded says why', async () => {
  const damaged = ['x', 'y'].map((file) => ({ file, captions: [`of ${file}`] }));
  await expect(evaluate(withUnreadable([...damaged, photos[0]]))).rejects.toMatchObject({
    code: 'image-corrupt',
    subject: 'x',
  });
});

test('is the same each time and says how far it is', async () => {
  const stages: string[] = [];
  const first = await evaluate({
    ...options,
    onProgress: ({ stage, done, total }) => {
      expect(done).toBeLessThanOrEqual(total);
      if (done === total) stages.push(stage);
    },
  });
  expect(stages).toEqual(['photos', 'texts', 'pairs']);
  expect(await evaluate(options)).toEqual(first);
});

test('without re-ranking both orders are that of ITC', async () => {
  const { textToPhoto, photoToText } = await evaluate({ ...options, rerank: 0 });
  expect(textToPhoto.reranked).toEqual(textToPhoto.itc);
  expect(photoToText.reranked).toEqual(photoToText.itc);
});

test.each([
  ['one photo', [photos[0]]],
  ['photos with the same captions', [photos[0], { ...photos[0], file: 'b' }]],
])('refuses %s', async (_case, few) => {
  await expect(evaluate({ ...options, photos: few })).rejects.toMatchObject({
    code: 'bad-request',
  });
});
