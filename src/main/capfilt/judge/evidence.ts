import { logOdds } from '#main/med/model/log-odds.ts';
import type { ImageEmbedding, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';

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
): Promise<Evidence[]> {
  const found: Evidence[] = [];
  for (let start = 0; start < pairs.length; start += batchSize) {
    found.push(...(await evidenceOfBatch(model, pairs.slice(start, start + batchSize), nobodys)));
  }
  return found;
}

async function evidenceOfBatch(
  model: MedModel,
  pairs: readonly Pair[],
  nobodys: ImageFeatures | null,
): Promise<Evidence[]> {
  const images = pairs.map(({ picture }) => picture.features);
  const texts = pairs.map(({ text }) => text);
  const [vectors, matches] = [await model.embedTexts(texts), await model.match(images, texts)];
  const gains = await gainsOf(model, images, texts, nobodys);
  return pairs.map(({ picture }, i) => ({
    match: logOdds(matches[i].probability),
    cosine: dot(picture.embedding, vectors[i]),
    gain: gains?.[i] ?? null,
  }));
}

async function gainsOf(
  model: MedModel,
  images: readonly ImageFeatures[],
  texts: readonly string[],
  nobodys: ImageFeatures | null,
): Promise<number[] | null> {
  if (nobodys === null || !model.info.roles.captioning) return null;
  const given = await model.logLikelihoods(images, texts);
  // The same text is often held against two pictures in a row.
  const distinct = [...new Set(texts)];
  const alone = await model.logLikelihoods(
    distinct.map(() => nobodys),
    distinct,
  );
  const aloneOf = new Map(distinct.map((text, i) => [text, alone[i]]));
  return texts.map((text, i) => given[i] - (aloneOf.get(text) ?? 0));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
