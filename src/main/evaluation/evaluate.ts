import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import type { Match } from '#main/med/model/med-model.ts';
import { MedleyError } from '#shared/errors.ts';
import { bleu4 } from './bleu.ts';
import { ciderD } from './cider.ts';
import { hardNegative, randomNegatives, type Mismatch } from './negatives.ts';
import {
  cosines,
  recall,
  recallDepth,
  rerank,
  shortlist,
  type Hit,
  type Recall,
} from './retrieval.ts';
import {
  embedPhotos,
  embedTexts,
  inBatches,
  loadPhotos,
  matchTexts,
  photoBatch,
  type Passes,
  type UnreadablePhoto,
} from './passes.ts';
import { discrimination, type Discrimination } from './roc.ts';
import { createTestSet, type TestSet } from './test-set.ts';

/** The beams with which caption scores are published. */
const beams = 3;

export interface EvaluateOptions extends Passes {
  /** How many candidates of each query are re-ranked. */
  readonly rerank: number;
}

export interface RetrievalScores {
  /** By ITC cosine alone. */
  readonly itc: Recall;
  /** With the first `rerank` candidates re-ranked. */
  readonly reranked: Recall;
}

export interface Evaluation {
  readonly photos: number;
  readonly captions: number;
  readonly rerank: number;
  readonly textToPhoto: RetrievalScores;
  /** Any caption of the photo counts. */
  readonly photoToText: RetrievalScores;
  readonly captioning: { readonly beams: number; readonly bleu4: number; readonly ciderD: number };
  /** Every photo with its own captions against as many captions of other photos. */
  readonly matchingRandom: Discrimination;
  /** Against the caption of another photo that ITC takes to be nearest, one a photo. */
  readonly matchingHard: Discrimination;
  readonly unreadable: readonly UnreadablePhoto[];
}

/** What ITC alone says. */
interface Shortlists {
  readonly photosOfText: readonly (readonly Hit[])[];
  readonly textsOfPhoto: readonly (readonly Hit[])[];
  readonly hardNegatives: readonly Mismatch[];
}

/** Matches by photo, then by text. */
type Matches = readonly ReadonlyMap<number, Match>[];

/**
 * Measures a model on captioned photos: retrieval in both directions, captions, matching. Photos
 * are encoded twice, for the shortlists and then for matching and captioning, so that memory holds
 * the patch features of a few photos only.
 *
 * @throws MedleyError `bad-request` for fewer than two photos or when all their captions agree; what
 *   `loadPixels` throws where it leaves fewer than two.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { photos, vectors, unreadable } = await embedPhotos(options);
  if (photos.length < 2 && unreadable.length > 0) throw unreadable[0].error;
  const set = createTestSet(photos);
  const shortlists = makeShortlists(options, set, vectors, await embedTexts(options, set.texts));
  const negatives = randomNegatives(set);
  if (negatives.length === 0) {
    throw new MedleyError(
      'bad-request',
      'All photos have the same captions: nothing to tell apart',
    );
  }
  const pairs = choosePairs(options.rerank, set, shortlists, negatives);
  const { matches, captions } = await matchAndCaption(options, set, pairs);
  const probability = ({ photo, text }: Mismatch) => matchOf(matches, photo, text).probability;
  const positives = set.photoOf.map((photo, text) => probability({ photo, text }));
  return {
    photos: set.photos.length,
    captions: set.texts.length,
    rerank: options.rerank,
    ...scoreRetrieval(options, set, shortlists, matches),
    captioning: scoreCaptions(captions, set.photos),
    matchingRandom: discrimination(positives, negatives.map(probability)),
    matchingHard: discrimination(positives, shortlists.hardNegatives.map(probability)),
    unreadable,
  };
}

function makeShortlists(
  { rerank: depth }: EvaluateOptions,
  set: TestSet,
  photoVectors: readonly Float32Array[],
  textVectors: readonly Float32Array[],
): Shortlists {
  const length = Math.max(recallDepth, depth);
  const hardNegatives: Mismatch[] = [];
  const textsOfPhoto = photoVectors.map((vector, photo) => {
    const scores = cosines(vector, textVectors);
    const hard = hardNegative(set, photo, scores);
    if (hard !== null) hardNegatives.push(hard);
    return shortlist(scores, length);
  });
  const photosOfText = textVectors.map((vector) =>
    shortlist(cosines(vector, photoVectors), length),
  );
  return { photosOfText, textsOfPhoto, hardNegatives };
}

/** For each photo, the texts it must be matched with, the shortest first to waste little padding. */
function choosePairs(
  depth: number,
  set: TestSet,
  { photosOfText, textsOfPhoto, hardNegatives }: Shortlists,
  negatives: readonly Mismatch[],
): number[][] {
  const pairs = set.textsOf.map((own) => new Set(own));
  textsOfPhoto.forEach((hits, photo) => {
    for (const { index } of hits.slice(0, depth)) pairs[photo].add(index);
  });
  photosOfText.forEach((hits, text) => {
    for (const { index } of hits.slice(0, depth)) pairs[index].add(text);
  });
  for (const { photo, text } of [...negatives, ...hardNegatives]) pairs[photo].add(text);
  return pairs.map((texts) =>
    [...texts].sort((a, b) => set.texts[a].length - set.texts[b].length || a - b),
  );
}

async function matchAndCaption(
  options: EvaluateOptions,
  set: TestSet,
  pairs: readonly (readonly number[])[],
): Promise<{ matches: Matches; captions: string[] }> {
  const total = pairs.reduce((sum, texts) => sum + texts.length, 0);
  const matches: ReadonlyMap<number, Match>[] = [];
  const captions: string[] = [];
  let done = 0;
  for (const batch of inBatches(set.photos, photoBatch)) {
    const embedded = await options.model.embedImages(await loadPhotos(options, batch));
    const features = embedded.map((image) => image.features);
    const written = await options.model.caption(features, { method: 'beam', beams });
    captions.push(...written.map(([best]) => best.text));
    for (const photo of features) {
      const texts = pairs[matches.length];
      matches.push(await matchTexts(options.model, photo, texts, set.texts));
      done += texts.length;
      options.onProgress?.({ stage: 'pairs', done, total });
    }
  }
  return { matches, captions };
}

function matchOf(matches: Matches, photo: number, text: number): Match {
  const match = matches[photo].get(text);
  if (match === undefined) throw new Error(`photo ${photo} was not matched with text ${text}`);
  return match;
}

function scoreRetrieval(
  { rerank: depth, model }: EvaluateOptions,
  { photoOf }: TestSet,
  { photosOfText, textsOfPhoto }: Shortlists,
  matches: Matches,
): Pick<Evaluation, 'textToPhoto' | 'photoToText'> {
  const ofText = (text: number, photo: number) => photoOf[text] === photo;
  const ofPhoto = (photo: number, text: number) => photoOf[text] === photo;
  const { cosineWeight } = model.info;
  const rerankedPhotos = photosOfText.map((hits, text) =>
    rerank(hits, depth, (photo) => matchOf(matches, photo, text).logit, cosineWeight),
  );
  const rerankedTexts = textsOfPhoto.map((hits, photo) =>
    rerank(hits, depth, (text) => matchOf(matches, photo, text).logit, cosineWeight),
  );
  return {
    textToPhoto: { itc: recall(photosOfText, ofText), reranked: recall(rerankedPhotos, ofText) },
    photoToText: { itc: recall(textsOfPhoto, ofPhoto), reranked: recall(rerankedTexts, ofPhoto) },
  };
}

function scoreCaptions(
  captions: readonly string[],
  photos: readonly CaptionedPhoto[],
): Evaluation['captioning'] {
  const references = photos.map((photo) => photo.captions);
  return { beams, bleu4: bleu4(captions, references), ciderD: ciderD(captions, references) };
}
