import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '#main/med/model/load.ts';
import type { Floats, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import { createTokenizer } from '#main/med/text/tokenizer.ts';

const tiny = join(import.meta.dirname, '../../fixtures/tiny-model');
let model: MedModel;
let features: ImageFeatures[];

/** Waves along the planes of red, green and blue. */
const pixels = [0, 1, 2, 3, 4].map((photo) =>
  Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
    const place = (i % 3) * 64 * 64 + Math.floor(i / 3);
    return 127.5 * (1 + Math.sin(place * (0.01 + 0.037 * photo) + photo));
  }),
);

beforeAll(async () => {
  model = await loadModel({ folder: tiny, device: 'cpu' });
  features = (await model.embedImages(pixels)).map((image) => image.features);
});

afterAll(() => model.dispose());

function expectClose(a: Floats, b: Floats): void {
  expect(a.length).toBe(b.length);
  expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(1e-4);
}

describe('embeddings', () => {
  test('do not depend on the batch, and have length 1', async () => {
    const together = await model.embedImages(pixels);
    for (const [i, photo] of pixels.entries()) {
      const [alone] = await model.embedImages([photo]);
      expectClose(alone.embedding, together[i].embedding);
      expectClose(alone.features.patches, together[i].features.patches);
      expect(Math.hypot(...alone.embedding)).toBeCloseTo(1, 5);
    }
    expect(together[0].embedding).not.toEqual(together[1].embedding);
  });

  test('of a text do not depend on longer texts beside it', async () => {
    const texts = ['a', 'be', 'a photo of several boats on the water'];
    const together = await model.embedTexts(texts);
    for (const [i, text] of texts.entries()) {
      expectClose((await model.embedTexts([text]))[0], together[i]);
    }
    expect(Math.hypot(...together[2])).toBeCloseTo(1, 5);
  });

  test('of a text follow the normalisation of captions', async () => {
    const [plain, shouted] = await model.embedTexts(['a red boat', '  A  red "boat"!']);
    expect(shouted).toEqual(plain);
  });

  test('of an endless text are those of its beginning', async () => {
    const [long, longer] = await model.embedTexts(['ba '.repeat(30), 'ba '.repeat(500)]);
    expect(longer).toEqual(long);
  });
});

describe('matching', () => {
  const texts = ['a boat', 'a photo of mountains', 'a dog', 'pink flowers in a garden', 'be'];

  test('scores each pair by itself, in any grouping of photos', async () => {
    const pairs = [
      [0, 1, 2, 3, 4],
      [0, 0, 1, 1, 2],
      [3, 3, 3, 3, 3],
      [0, 1, 0, 1, 0],
    ];
    for (const pair of pairs) {
      const together = await model.match(
        pair.map((i) => features[i]),
        texts,
      );
      for (const [row, i] of pair.entries()) {
        const [alone] = await model.match([features[i]], [texts[row]]);
        expect(together[row].logit).toBeCloseTo(alone.logit, 4);
        expect(together[row].probability).toBeCloseTo(alone.probability, 4);
      }
    }
  });

  test('two photos with two texts each, in one batch', async () => {
    const [a, b] = features;
    const grouped = await model.match([a, a, b, b], [...texts.slice(0, 2), ...texts.slice(0, 2)]);
    const crossed = await model.match([a, b, a, b], [texts[0], texts[0], texts[1], texts[1]]);
    expect(grouped[1].logit).toBeCloseTo(crossed[2].logit, 4);
    expect(grouped[2].logit).toBeCloseTo(crossed[1].logit, 4);
    expect(grouped[0].logit).not.toBeCloseTo(grouped[2].logit, 3);
  });

  test('needs as many photos as texts, of this model', async () => {
    await expect(model.match(features, ['one'])).rejects.toMatchObject({ code: 'bad-request' });
    const foreign = { patches: new Float32Array(7) };
    await expect(model.match([foreign], ['one'])).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('captions', () => {
  const methods = [
    { method: 'greedy' },
    { method: 'beam', beams: 3 },
    { method: 'nucleus', samples: 3, seed: 5 },
    { method: 'greedy', prompt: 'be a', repetitionPenalty: 1.3 },
    { method: 'beam', beams: 4, prompt: 'ba', minLength: 7, maxLength: 12 },
  ] as const;

  test.each(methods)('do not depend on the batch: %o', async (options) => {
    const together = await model.caption(features, options);
    for (const [i, photo] of features.entries()) {
      const [alone] = await model.caption([photo], options);
      expect(alone.map(({ text }) => text)).toEqual(together[i].map(({ text }) => text));
      alone.forEach(({ logprob }, n) => {
        expect(logprob).toBeCloseTo(together[i][n].logprob, 3);
      });
    }
    const distinct = new Set(together.map((captions) => captions[0].text));
    expect(distinct.size).toBeGreaterThan(1);
  });

  test('reading a prompt at once says what generating it would have', async () => {
    const greedy = async (photo: ImageFeatures, maxLength: number, prompt = '') => {
      const [[caption]] = await model.caption([photo], { method: 'greedy', maxLength, prompt });
      return caption;
    };
    // A photo whose first two words are one token each, so that they can be a prompt.
    const captions = await Promise.all(features.map((photo) => greedy(photo, 9)));
    const index = captions.findIndex(({ text }) => /^(word\d+ ){2}/.test(text));
    const start = await greedy(features[index], 3);
    const rest = await greedy(features[index], 9, start.text);
    const whole = captions[index];
    expect(`${start.text} ${rest.text}`).toBe(whole.text);
    expect(start.logprob + rest.logprob).toBeCloseTo(whole.logprob, 3);
  });

  test('come in the number asked for, best first', async () => {
    const [captions] = await model.caption([features[0]], {
      method: 'nucleus',
      samples: 6,
      seed: 2,
    });
    expect(captions).toHaveLength(6);
    const logprobs = captions.map(({ logprob }) => logprob);
    expect(logprobs).toEqual(logprobs.toSorted((a, b) => b - a));
    const [best] = await model.caption([features[0]], { method: 'beam', beams: 3 });
    expect(best).toHaveLength(3);
  });

  test('of a call made during another are those of its own', async () => {
    const [one, two] = await Promise.all([
      model.caption([features[0]], { method: 'greedy' }),
      model.caption([features[1]], { method: 'beam' }),
    ]);
    expect(one).toEqual(await model.caption([features[0]], { method: 'greedy' }));
    expect(two).toEqual(await model.caption([features[1]], { method: 'beam' }));
  });
});

test('words are as likely beside their rivals as the decoder finds them step by step', async () => {
  const tokenizer = createTokenizer(readFileSync(join(tiny, 'vocab.txt'), 'utf8'));
  const one = (word: string) => tokenizer.encode(word, 9)[0];
  const rivals = new Map([
    ['word3', ['word4', 'word5']],
    ['word7', ['word8', 'a word of pieces']],
    ['nowhere', ['word4']],
  ]);
  const texts = ['word3 word9 Word7.', 'word1 word2 word7 word3 word3'];
  const found = await model.likelihoods(features.slice(0, 2), texts, rivals);
  const totals = await model.logLikelihoods(features.slice(0, 2), texts);
  expect(found.map(({ words }) => words.map(({ word }) => word))).toEqual([
    ['word3', 'word7'],
    ['word7', 'word3', 'word3'],
  ]);
  for (const [i, { total, words }] of found.entries()) {
    expect(total).toBeCloseTo(totals[i], 5);
    const tokens = [tokenizer.special.dec, ...tokenizer.encode(texts[i].replace('.', ''), 20)];
    const [scores] = await model.scoreTokens([features[i]], tokens);
    const width = scores.length / tokens.length;
    let from = 1;
    for (const { word, own, rivals: others } of words) {
      const at = tokens.indexOf(one(word), from);
      from = at + 1;
      const row = scores.subarray((at - 1) * width, at * width);
      const all = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
      expect(own).toBeCloseTo(row[one(word)] - all, 3);
      expect([...others.keys()]).toEqual(word === 'word7' ? ['word8'] : ['word4', 'word5']);
      for (const [rival, value] of others) expect(value).toBeCloseTo(row[one(rival)] - all, 3);
    }
  }
  const none = await model.likelihoods(features.slice(0, 2), texts, new Map());
  expect(none.map(({ words }) => words)).toEqual([[], []]);
});

test('scores of given tokens are those a caption was made with', async () => {
  const { special } = createTokenizer(readFileSync(join(tiny, 'vocab.txt'), 'utf8'));
  const captions = await model.caption(features.slice(0, 2), { method: 'greedy', maxLength: 9 });
  for (const [photo, [{ tokens, logprob }]] of captions.entries()) {
    const [own, other] = await model.scoreTokens(
      [features[photo], features[1 - photo]],
      [special.dec, ...tokens],
    );
    const said = tokens.length < 8 ? [...tokens, special.sep] : tokens;
    expect(logprobOf(own, said)).toBeCloseTo(logprob, 3);
    expect(logprobOf(other, said)).not.toBeCloseTo(logprob, 1);
  }
});

/** Sum of the log-probabilities of `tokens` by rows of logits, from the softmax's definition. */
function logprobOf(logits: Float32Array, tokens: readonly number[]): number {
  const width = 200;
  return tokens.reduce((sum, token, i) => {
    const row = logits.slice(i * width, (i + 1) * width);
    return sum + row[token] - Math.log(row.reduce((total, logit) => total + Math.exp(logit), 0));
  }, 0);
}

describe('decoding settings', () => {
  test('are filled in from the checkpoint', () => {
    expect(model.decodingOf({ method: 'beam' })).toEqual({
      method: 'beam',
      beams: 3,
      prompt: '',
      minLength: 5,
      maxLength: 10,
      repetitionPenalty: 1,
    });
    expect(model.decodingOf({ method: 'nucleus', seed: 4, prompt: 'a', maxLength: 8 })).toEqual({
      method: 'nucleus',
      topP: 0.9,
      seed: 4,
      prompt: 'a',
      minLength: 5,
      maxLength: 8,
      repetitionPenalty: 1,
    });
  });

  test('a length asked for moves the other one', () => {
    expect(model.decodingOf({ method: 'greedy', maxLength: 3 })).toMatchObject({ minLength: 3 });
    expect(model.decodingOf({ method: 'greedy', minLength: 14 })).toMatchObject({ maxLength: 14 });
  });

  test.each([
    [{ method: 'beam', beams: 0 }, 'beams'],
    [{ method: 'nucleus', topP: 1.5 }, 'topP'],
    [{ method: 'nucleus', seed: 0.5 }, 'seed'],
    [{ method: 'greedy', maxLength: 25 }, 'maxLength'],
    [{ method: 'greedy', minLength: 11, maxLength: 10 }, 'minLength'],
    [{ method: 'greedy', repetitionPenalty: 0 }, 'repetitionPenalty'],
    [{ method: 'greedy', prompt: 'ba ba ba ba ba ba ba ba ba ba' }, 'prompt'],
  ] as const)('%o is refused', async (options, subject) => {
    await expect(model.caption([features[0]], options)).rejects.toMatchObject({
      code: 'bad-request',
      subject,
    });
  });
});

test('in f16 a model says nearly the same, and its features feed a model in f32', async () => {
  const half = await loadModel({ folder: tiny, device: 'cpu', dtype: 'f16' });
  const images = (await half.embedImages(pixels)).map((image) => image.features);
  expect(images[0].patches).toBeInstanceOf(Float16Array);
  const texts = pixels.map(() => 'a boat');
  const [halves, mixed, exact] = [
    await half.match(images, texts),
    await model.match(images, texts),
    await model.match(features, texts),
  ];
  exact.forEach(({ logit }, i) => {
    expect(halves[i].logit).toBeCloseTo(logit, 1);
    expect(mixed[i].logit).toBeCloseTo(logit, 1);
  });
  // Searches in one run, and steps that hand f16 on.
  const nucleus = { method: 'nucleus', samples: 2, seed: 3 } as const;
  expect(await half.caption([images[0]], { method: 'greedy' })).toHaveLength(1);
  expect((await half.caption(images, nucleus)).map((captions) => captions.length)).toEqual(
    pixels.map(() => 2),
  );
  const tokens = [4, 30, 31];
  const [[scores], [expected]] = await Promise.all([
    half.scoreTokens([images[0]], tokens),
    model.scoreTokens([features[0]], tokens),
  ]);
  expect(Math.max(...scores.map((score, i) => Math.abs(score - expected[i])))).toBeLessThan(0.1);
  await half.dispose();
});
