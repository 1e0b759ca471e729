import type { Random } from '#main/med/decoding/random.ts';
import { normaliseCaption } from '#main/med/text/tokenizer.ts';
import {
  captionFeeds,
  floats,
  imageFeed,
  matchingFeeds,
  positivesOf,
  textFeeds,
  type MatchingPair,
  type PatchBatch,
  type TokenSettings,
} from './batch-feeds.ts';
import { drawNegatives } from './data/hard-negatives.ts';
import type { Pair } from './data/pairs.ts';
import { endToEnd, type EmbeddingQueue } from './embedding-queue.ts';
import type { Loss } from './graphs/objective-graphs.ts';
import { numbersOf } from './numbers-of.ts';
import type { TrainingGraphs } from './training-graphs.ts';

/** What a batch came to, by objective. */
export type Losses = Partial<Readonly<Record<Loss, number>>>;

export interface BatchStepOptions {
  readonly graphs: TrainingGraphs;
  readonly tokens: TokenSettings;
  readonly queue: EmbeddingQueue;
  readonly random: Random;
  /** How many blocks of the image encoder are trained. */
  readonly imageBlocks: number;
  /** The share of the soft targets of ITC. */
  readonly alpha: number;
}

/** Adds the gradients of the LM loss on a batch. */
export async function captionStep(
  batch: readonly Pair[],
  patches: PatchBatch,
  { graphs, tokens }: BatchStepOptions,
): Promise<Losses> {
  const captions = batch.map(({ caption }) => caption);
  const { loss } = await graphs.accumulate('lm', captionFeeds(captions, patches, tokens));
  return { lm: loss };
}

/**
 * Adds the gradients of ITC and ITM on a batch, whose hard negatives are drawn from what ITC finds
 * alike, and puts the batch into the queue.
 */
export async function matchingStep(
  batch: readonly Pair[],
  patches: PatchBatch,
  options: BatchStepOptions,
): Promise<Losses> {
  const { loss: itc, similarity } = await contrastiveStep(batch, patches, options);
  const pairs = matchingPairs(batch, similarity, options.random);
  const itm = await pairsStep(pairs, batch, patches, options);
  return { itc, itm };
}

/** What ITC came to on a batch. */
export interface Contrast {
  readonly loss: number;
  /** Of photo (row) and caption (column), over the temperature: `[rows, rows]`. */
  readonly similarity: Float32Array;
}

/** Adds the gradients of ITC on a batch, and puts it into the queue. */
export async function contrastiveStep(
  batch: readonly Pair[],
  patches: PatchBatch,
  { graphs, tokens, queue, alpha, imageBlocks }: BatchStepOptions,
): Promise<Contrast> {
  const texts = batch.map(({ caption }) => caption);
  const photos = batch.map(({ photo }) => photo);
  const own = { ...textFeeds(texts, 'cls', tokens), image: imageFeed(patches, imageBlocks) };
  const momentum = await graphs.momentumEmbeddings(own);
  const [images, words] = [momentum['imageEmbedding'], momentum['textEmbedding']];
  const [imageNumbers, wordNumbers] = [await numbersOf(images), await numbersOf(words)];
  const candidates = [...photos, ...queue.photos];
  const size = images.dims[1];
  const all = (newest: Float32Array, queued: Float32Array) =>
    floats(endToEnd(newest, queued), [candidates.length, size]);
  const { loss, outputs } = await graphs.accumulate('itc', {
    ...own,
    imageMomentum: images,
    textMomentum: words,
    imageCandidates: all(imageNumbers, queue.images),
    textCandidates: all(wordNumbers, queue.texts),
    positives: positivesOf(photos, candidates),
    alpha: floats(Float32Array.of(alpha), []),
  });
  queue.add(imageNumbers, wordNumbers, photos);
  return { loss, similarity: await numbersOf(outputs['similarity']) };
}

/** A batch's own pairs, and for each caption a wrong photo and for each photo a wrong caption. */
function matchingPairs(
  batch: readonly Pair[],
  similarity: Float32Array,
  random: Random,
): MatchingPair[] {
  const rows = batch.map(({ photo, caption }) => ({ photo, text: normaliseCaption(caption) }));
  const wrong = (text: number | null, photo: number | null) =>
    text === null || photo === null ? [] : [{ text, photo, matches: false }];
  const photos = drawNegatives(rows, transposed(similarity, batch.length), random);
  const texts = drawNegatives(rows, similarity, random);
  return [
    ...batch.map((_, row) => ({ text: row, photo: row, matches: true })),
    ...photos.flatMap((photo, text) => wrong(text, photo)),
    ...texts.flatMap((text, photo) => wrong(text, photo)),
  ];
}

/** Adds the gradients of ITM on pairs of rows of a batch. */
export async function pairsStep(
  pairs: readonly MatchingPair[],
  batch: readonly Pair[],
  patches: PatchBatch,
  { graphs, tokens }: BatchStepOptions,
): Promise<number> {
  const texts = batch.map(({ caption }) => caption);
  const { loss } = await graphs.accumulate('itm', matchingFeeds(pairs, texts, patches, tokens));
  return loss;
}

function transposed(square: Float32Array, side: number): Float32Array {
  return square.map((_, i) => square[(i % side) * side + Math.floor(i / side)]);
}
