import { ciderScores } from '#main/evaluation/cider.ts';
import { cosines, rerank, shortlist } from '#main/evaluation/retrieval.ts';
import type { Random } from '#main/med/decoding/random.ts';
import type { ImageFeatures, MedModel } from '#main/med/model/med-model.ts';

/** How well a model does on one photo among others. */
export interface PhotoScores {
  /** For each of its captions, how many photos are nearer to it than this one, by ITC. */
  readonly textToPhoto: readonly number[];
  /** The same after re-ranking by ITM; empty where that was not asked for. */
  readonly reranked: readonly number[];
  /** How many captions of other photos are nearer than its nearest own one, by ITC. */
  readonly photoToText: number | null;
  /** ITM logits of its own captions. */
  readonly own: readonly number[];
  /** ITM logits of captions of other photos: one at random, and the nearest by ITC. */
  readonly others: readonly number[];
  /** Of the caption that the model writes; null where it writes none. */
  readonly written: WrittenScores | null;
}

/** CIDEr-D of a caption that a model writes. */
export interface WrittenScores {
  /** Against the photo's own captions. */
  readonly own: number;
  /** Against those of other photos: what a caption gets that says nothing of this one. */
  readonly others: number;
}

/** A photo to measure on. */
export interface MeasuredPhoto {
  readonly captions: readonly string[];
  readonly features: ImageFeatures;
  /** Unit ITC embedding; empty where the model does not match. */
  readonly embedding: Float32Array;
}

export interface ScoreOptions {
  /** How many candidates of each caption are re-ranked. */
  readonly rerank: number;
  readonly random: Random;
  /** Called between batches. */
  readonly onBatch?: () => void;
}

const photoBatch = 8;
const textBatch = 64;
const beams = 3;
/** With the captions of how many other photos a written one is compared. */
const otherPhotos = 8;

/**
 * What a model makes of photos, photo by photo, so that two models can be compared on the same ones.
 */
export async function scorePhotos(
  model: MedModel,
  photos: readonly MeasuredPhoto[],
  options: ScoreOptions,
): Promise<PhotoScores[]> {
  const { matching, captioning } = model.info.roles;
  const none = photos.map(() => ({
    textToPhoto: [],
    reranked: [],
    photoToText: null,
    own: [],
    others: [],
  }));
  const matched = matching ? await scoreMatching(model, photos, options) : none;
  const written = captioning ? await scoreCaptions(model, photos, options) : null;
  return matched.map((scores, i) => ({ ...scores, written: written === null ? null : written[i] }));
}

async function scoreCaptions(
  model: MedModel,
  photos: readonly MeasuredPhoto[],
  { onBatch }: ScoreOptions,
): Promise<WrittenScores[]> {
  const captions: string[] = [];
  for (let start = 0; start < photos.length; start += photoBatch) {
    const batch = photos.slice(start, start + photoBatch).map(({ features }) => features);
    const written = await model.caption(batch, { method: 'beam', beams });
    captions.push(...written.map(([best]) => best.text));
    onBatch?.();
  }
  const references = photos.map((photo) => photo.captions);
  const own = ciderScores(captions, references);
  const turns = Math.min(otherPhotos, photos.length - 1);
  const others = Array.from({ length: turns }, (_, turn) => {
    const place = Math.floor(((turn + 1) * photos.length) / (turns + 1));
    return ciderScores(captions, [...references.slice(place), ...references.slice(0, place)]);
  });
  return own.map((score, i) => ({
    own: score,
    others: others.reduce((sum, scores) => sum + scores[i] / turns, 0),
  }));
}

async function scoreMatching(
  model: MedModel,
  photos: readonly MeasuredPhoto[],
  options: ScoreOptions,
): Promise<Omit<PhotoScores, 'written'>[]> {
  const texts = photos.flatMap(({ captions }) => captions);
  const photoOf = photos.flatMap(({ captions }, photo) => captions.map(() => photo));
  const all = [...texts.keys()];
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += textBatch) {
    vectors.push(...(await model.embedTexts(texts.slice(start, start + textBatch))));
    options.onBatch?.();
  }
  const embeddings = photos.map(({ embedding }) => embedding);
  const match = matcher(model, photos, texts, options.onBatch);
  const { cosineWeight } = model.info;
  const scores: Omit<PhotoScores, 'written'>[] = [];
  for (const [photo, { embedding }] of photos.entries()) {
    const own = all.filter((text) => photoOf[text] === photo);
    const toTexts = cosines(embedding, vectors);
    const foreign = all.filter((text) => photoOf[text] !== photo);
    const nearestOwn = Math.max(...own.map((text) => toTexts[text]));
    const hardest = foreign.reduce(
      (best, text) => (toTexts[text] > toTexts[best] ? text : best),
      foreign[0],
    );
    const drawn = foreign[Math.floor(options.random() * foreign.length)];
    const textToPhoto: number[] = [];
    const reranked: number[] = [];
    for (const text of own) {
      const toPhotos = cosines(vectors[text], embeddings);
      textToPhoto.push(toPhotos.filter((cosine) => cosine > toPhotos[photo]).length);
      if (options.rerank === 0) continue;
      const hits = shortlist(toPhotos, photos.length);
      const depth = Math.min(options.rerank, photos.length);
      const first = hits.slice(0, depth).map(({ index }) => index);
      const logits = new Map(
        (await match(first.map((index) => [index, text]))).map((logit, i) => [first[i], logit]),
      );
      const order = rerank(hits, depth, (index) => logits.get(index) ?? -Infinity, cosineWeight);
      reranked.push(order.findIndex(({ index }) => index === photo));
    }
    scores.push({
      textToPhoto,
      reranked,
      photoToText: foreign.filter((text) => toTexts[text] > nearestOwn).length,
      own: await match(own.map((text) => [photo, text])),
      others: await match([drawn, hardest].map((text) => [photo, text])),
    });
  }
  return scores;
}

/** Match logits of pairs of a photo and a text, by index. */
function matcher(
  model: MedModel,
  photos: readonly MeasuredPhoto[],
  texts: readonly string[],
  onBatch?: () => void,
) {
  return async (pairs: readonly (readonly [number, number])[]): Promise<number[]> => {
    const logits: number[] = [];
    for (let start = 0; start < pairs.length; start += textBatch) {
      const batch = pairs.slice(start, start + textBatch);
      const matches = await model.match(
        batch.map(([photo]) => photos[photo].features),
        batch.map(([, text]) => texts[text]),
      );
      logits.push(...matches.map(({ logit }) => logit));
      onBatch?.();
    }
    return logits;
  };
}
