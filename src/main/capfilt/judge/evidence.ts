import { logOdds } from '#main/med/model/log-odds.ts';
import type { ImageEmbedding, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { DoubtfulWord } from '#shared/schemas/review.ts';
import { doubtfulWord } from '../words/doubtful-word.ts';
import { rivals } from '../words/rivals.ts';

/** What a model says of a text and a picture, by its three objectives. */
export interface Evidence {
  /** Log-odds of the match, by ITM. */
  readonly match: number;
  /** Cosine of ITC, in [-1, 1]. */
  readonly cosine: number;
  /**
   * `log p(text | picture) - log p(text | no picture in particular)` by LM, natural; null where the model
   * writes no captions, or too few pictures are known.
   */
  readonly gain: number | null;
}

/** {@link Evidence}, and the word of the text that is borne out the least. */
export interface TextEvidence extends Evidence {
  /** Null where no word is asked about, or the model writes no captions. */
  readonly word: DoubtfulWord | null;
}

/** A text, and the picture it is held against. */
export interface Pair {
  readonly text: string;
  readonly picture: ImageEmbedding;
}

/** Pairs given to the model at a time. */
const batchSize = 32;

/**
 * Holds texts against pictures.
 *
 * @param nobodys what stands for no picture in particular (`KnownPictures.mean`)
 */
export async function evidenceOf(
  model: MedModel,
  pairs: readonly Pair[],
  nobodys: ImageFeatures | null,
): Promise<TextEvidence[]> {
  const found: TextEvidence[] = [];
  for (let start = 0; start < pairs.length; start += batchSize) {
    found.push(...(await evidenceOfBatch(model, pairs.slice(start, start + batchSize), nobodys)));
  }
  return found;
}

async function evidenceOfBatch(
  model: MedModel,
  pairs: readonly Pair[],
  nobodys: ImageFeatures | null,
): Promise<TextEvidence[]> {
  const images = pairs.map(({ picture }) => picture.features);
  const texts = pairs.map(({ text }) => text);
  const [vectors, matches] = [await model.embedTexts(texts), await model.match(images, texts)];
  const likelihoods = await likelihoodsOf(model, images, texts, nobodys);
  return pairs.map(({ picture }, i) => ({
    match: logOdds(matches[i].probability),
    cosine: dot(picture.embedding, vectors[i]),
    ...(likelihoods?.[i] ?? { gain: null, word: null }),
  }));
}

async function likelihoodsOf(
  model: MedModel,
  images: readonly ImageFeatures[],
  texts: readonly string[],
  nobodys: ImageFeatures | null,
): Promise<Pick<TextEvidence, 'gain' | 'word'>[] | null> {
  if (nobodys === null || !model.info.roles.captioning) return null;
  const given = await model.likelihoods(images, texts, rivals);
  // The same text is often held against two pictures in a row.
  const distinct = [...new Set(texts)];
  const alone = await model.logLikelihoods(
    distinct.map(() => nobodys),
    distinct,
  );
  const aloneOf = new Map(distinct.map((text, i) => [text, alone[i]]));
  return given.map(({ total, words }, i) => ({
    gain: total - (aloneOf.get(texts[i]) ?? 0),
    word: doubtfulWord(words),
  }));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
