import { expect, test } from 'vitest';
import { evidenceOf } from '#main/capfilt/judge/evidence.ts';
import { KnownPictures } from '#main/capfilt/judge/known-pictures.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { HashModel } from '../../support/hash-model.ts';

const model = new HashModel();
const pictureOf = (key: string) => ({
  pictureId: key,
  features: model.featuresOf(key),
  embedding: model.embeddingOf(key),
});

test('evidence is what the three objectives say of a pair', async () => {
  const likely = new HashModel();
  const asked: (readonly string[])[] = [];
  likely.logLikelihoods = async (images, ...texts: unknown[]) => {
    asked.push(texts[0] as string[]);
    return images.map(({ patches }) => patches[0]);
  };
  const nobodys = pictureOf('nobody').features;
  const pairs = ['a', 'b'].map((key) => ({ text: 'a dog', picture: pictureOf(key) }));
  const found = await evidenceOf(likely, pairs, nobodys);
  const [vector] = await model.embedTexts(['a dog']);
  for (const [i, { picture }] of pairs.entries()) {
    const [{ logit }] = await model.match([picture.features], ['a dog']);
    expect(found[i].match).toBeCloseTo(logit, 4);
    const cosine = picture.embedding.reduce((sum, value, k) => sum + value * vector[k], 0);
    expect(found[i].cosine).toBeCloseTo(cosine, 6);
    expect(found[i].gain).toBeCloseTo(picture.features.patches[0] - nobodys.patches[0], 6);
  }
  // Without a picture the same text is asked for once.
  expect(asked).toEqual([['a dog', 'a dog'], ['a dog']]);
});

test('a model that writes no captions, or knows too few pictures, gives no gain', async () => {
  const silent = new HashModel('silent', { matching: true, captioning: false });
  const pairs = [{ text: 'a dog', picture: pictureOf('a') }];
  const known = new KnownPictures(seededRandom(1, 0));
  known.add(['a', 'b', 'c'].map(pictureOf));
  expect(known.mean).toBeNull();
  const [{ gain }] = await evidenceOf(silent, pairs, pictureOf('nobody').features);
  expect(gain).toBeNull();
  const [{ gain: unknown }] = await evidenceOf(model, pairs, known.mean);
  expect(unknown).toBeNull();
});

test('the mean of known pictures is theirs, number by number', () => {
  const known = new KnownPictures(seededRandom(1, 0));
  const pictures = ['a', 'b', 'c', 'd'].map(pictureOf);
  known.add(pictures);
  const first = pictures.reduce((sum, { features }) => sum + features.patches[0], 0) / 4;
  expect(known.mean?.patches[0]).toBeCloseTo(first, 6);
});

test('every picture is as likely to be known as any other, and never held against itself', () => {
  const counts = new Map<string, number>();
  for (let round = 0; round < 400; round++) {
    const known = new KnownPictures(seededRandom(7, round));
    for (let i = 0; i < 64; i++) known.add([pictureOf(String(i))]);
    const drawn = known.other('3')?.pictureId ?? '';
    expect(drawn).not.toBe('3');
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
  }
  const early = [...counts].filter(([id]) => Number(id) < 32).reduce((sum, [, n]) => sum + n, 0);
  // Half of 400, within four standard errors.
  expect(Math.abs(early - 200)).toBeLessThan(40);
  expect(new KnownPictures(seededRandom(1, 0)).other('a')).toBeNull();
});
