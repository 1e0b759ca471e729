import type { Random } from '#main/med/decoding/random.ts';
import { normaliseCaption } from '#main/med/text/tokenizer.ts';
import type { Tensor } from '#main/runtime/onnx-runtime.ts';
import {
  captionFeeds,
  firstTokens,
  floats,
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
import type { TrainingGraphs } from './training-graphs.ts';

/** What a batch came to, by objective. */
export type Losses = Partial<Readonly<Record<Loss, number>>>;

export interface BatchStepOptions {
  readonly graphs: TrainingGraphs;
  readonly tokens: TokenSettings;
  readonly queue: EmbeddingQueue;
  readonly random: Random;
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
  const { graphs, tokens, queue, random, alpha } = options;
  const texts = batch.map(({ caption }) => caption);
  const photos = batch.map(({ photo }) => photo);
  const own = { ...textFeeds(texts, 'cls', tokens), image: firstTokens(patches) };
  const momentum = await graphs.momentumEmbeddings(own);
  const [images, words] = [momentum['imageEmbedding'], momentum['textEmbedding']];
  const [imageNumbers, wordNumbers] = [await numbersOf(images), await numbersOf(words)];
  const candidates = [...photos, ...queue.photos];
  const size = images.dims[1];
  const all = (newest: Float32Array, queued: Float32Array) =>
    floats(endToEnd(newest, queued), [candidates.length, size]);
  const itc = await graphs.accumulate('itc', {
    ...own,
    imageMomentum: images,
    textMomentum: words,
    imageCandidates: all(imageNumbers, queue.images),
    textCandidates: all(wordNumbers, queue.texts),
    positives: positivesOf(photos, candidates),
    alpha: floats(Float32Array.of(alpha), []),
  });
  queue.add(imageNumbers, wordNumbers, photos);
  const rows = batch.map(({ photo, caption }) => ({ photo, text: normaliseCaption(caption) }));
  const similarity = await numbersOf(itc.outputs['similarity']);
  const pairs: MatchingPair[] = [
    ...batch.map((_, row) => ({ text: row, photo: row, matches: true })),
    ...drawNegatives(rows, transposed(similarity, batch.length), random).flatMap((photo, text) =>
      photo === null ? [] : [{ text, photo, matches: false }],
    ),
    ...drawNegatives(rows, similarity, random).flatMap((text, photo) =>
      text === null ? [] : [{ text, photo, matches: false }],
    ),
  ];
  const itm = await graphs.accumulate('itm', matchingFeeds(pairs, texts, patches, tokens));
  return { itc: itc.loss, itm: itm.loss };
}

async function numbersOf(tensor: Tensor): Promise<Float32Array> {
  const data = await tensor.getData();
  if (data instanceof Float32Array) return data;
  throw new TypeError(`expected f32, not ${tensor.type}`);
}

function transposed(square: Float32Array, side: number): Float32Array {
  return square.map((_, i) => square[(i % side) * side + Math.floor(i / side)]);
}
