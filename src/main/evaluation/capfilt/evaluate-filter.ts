import { Calibration, type Observed } from '#main/capfilt/calibration/calibration.ts';
import { fitNormal } from '#main/capfilt/calibration/normal.ts';
import {
  beliefsOf,
  type Beliefs,
  type ShippedCalibration,
} from '#main/capfilt/calibration/shipped.ts';
import { thresholdsAt, usualStrictness, verdictOn } from '#main/capfilt/calibration/strictness.ts';
import {
  evidenceOf,
  type Evidence,
  type Pair,
  type TextEvidence,
} from '#main/capfilt/judge/evidence.ts';
import { KnownPictures } from '#main/capfilt/judge/known-pictures.ts';
import { setAside } from '#main/capfilt/unseen/set-aside.ts';
import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { captionerIdOf } from '#shared/schemas/model.ts';
import { reliability, type ReliabilityBin } from '../reliability.ts';
import { cosines } from '../retrieval.ts';
import { plantLibrary, plantTexts, type Planted, type PlantedText } from './planted-texts.ts';
import {
  isCalledWrong,
  isDoubted,
  verdictScores,
  type ScoredText,
  type VerdictScores,
} from './verdict-scores.ts';

/** Photos encoded at a time. */
const photoBatch = 8;
const seed = 10;
/** Of the texts of a library, those of other photos: drawn at random, and of the one most alike. */
const planted = { random: 0.2, nearest: 0.1 };
/** Shares of texts of other photos at which chances are checked. */
const contaminations = [0.1, 0.3, 0.6];

export interface FilterProgress {
  readonly stage: 'photos' | 'texts';
  readonly done: number;
  readonly total: number;
}

export interface EvaluateFilterOptions {
  readonly model: MedModel;
  readonly photos: readonly CaptionedPhoto[];
  /** Called twice a photo. */
  readonly loadPixels: (file: string) => Promise<PhotoInput>;
  readonly onProgress?: (progress: FilterProgress) => void;
}

/** The chances that a library with so many wrong texts is given. */
export interface CheckedChances {
  readonly contamination: number;
  /** The share that the calibration found. */
  readonly found: number;
  readonly bins: readonly ReliabilityBin[];
}

export interface FilterEvaluation {
  readonly photos: number;
  readonly filter: string;
  readonly captioner: string;
  readonly strict: number;
  /** Of a library with planted errors. */
  readonly swappedAtRandom: VerdictScores;
  readonly swappedWithNearest: VerdictScores;
  readonly wrongShare: number;
  /** Right captions with one wrong word, against the same captions. */
  readonly words: Readonly<Record<'colour' | 'number' | 'object', VerdictScores>>;
  readonly names: {
    readonly texts: number;
    readonly wrongWithout: number;
    readonly wrongWith: number;
    /** Called doubtful or wrong. */
    readonly doubtedWithout: number;
    readonly doubtedWith: number;
  };
  readonly chances: readonly CheckedChances[];
  /** What can lie beside the model for libraries of few texts. */
  readonly shipped: ShippedCalibration;
}

/** A planted text that the filter could judge. */
interface Judged extends PlantedText {
  readonly evidence: TextEvidence;
}

/**
 * Measures the filter on captioned photos, one caption each: how well it finds planted errors as the calibration
 * on a library with them finds it, and whether the chances it gives are true.
 */
export async function evaluateFilter(options: EvaluateFilterOptions): Promise<FilterEvaluation> {
  const { model, photos } = options;
  const random = seededRandom(seed, 0);
  const known = new KnownPictures(random);
  const vectors = await lookAtPhotos(options, known);
  const captions = photos.map(
    (photo) => photo.captions[Math.floor(random() * photo.captions.length)],
  );
  const texts = plantTexts(captions, nearestOf(vectors), random);
  const judged = await judge(options, texts, known);
  const { info } = model;
  return {
    photos: photos.length,
    filter: info.id,
    captioner: captionerIdOf(info),
    strict: usualStrictness,
    ...summed(judged, photos.length, info.id, await beliefsOf(info)),
  };
}

/** Embeddings of all photos; a few stay known. */
async function lookAtPhotos(
  { model, photos, loadPixels, onProgress }: EvaluateFilterOptions,
  known: KnownPictures,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < photos.length; start += photoBatch) {
    const batch = photos.slice(start, start + photoBatch);
    const pixels = await Promise.all(batch.map(({ file }) => loadPixels(file)));
    const embedded = await model.embedImages(pixels);
    known.add(embedded.map((each, i) => ({ ...each, pictureId: batch[i].file })));
    vectors.push(...embedded.map(({ embedding }) => embedding));
    onProgress?.({ stage: 'photos', done: vectors.length, total: photos.length });
  }
  return vectors;
}

function nearestOf(vectors: readonly Float32Array[]): number[] {
  return vectors.map((vector, photo) => {
    const scores = cosines(vector, vectors);
    scores[photo] = -Infinity;
    return scores.indexOf(Math.max(...scores));
  });
}

async function judge(
  { model, photos, loadPixels, onProgress }: EvaluateFilterOptions,
  texts: readonly PlantedText[],
  known: KnownPictures,
): Promise<Judged[]> {
  const byPhoto = Map.groupBy(texts, ({ photo }) => photo);
  const judged: Judged[] = [];
  let done = 0;
  for (let start = 0; start < photos.length; start += photoBatch) {
    const batch = photos.slice(start, start + photoBatch);
    const pixels = await Promise.all(batch.map(({ file }) => loadPixels(file)));
    const pictures = await model.embedImages(pixels);
    const asked = pictures.flatMap((picture, i) =>
      (byPhoto.get(start + i) ?? []).flatMap((text): (PlantedText & { pair: Pair })[] => {
        const { judged: visible } = setAside(text.text);
        return visible === '' ? [] : [{ ...text, pair: { text: visible, picture } }];
      }),
    );
    const evidence = await evidenceOf(
      model,
      asked.map(({ pair }) => pair),
      known.mean,
    );
    judged.push(...asked.map(({ pair: _, ...text }, i) => ({ ...text, evidence: evidence[i] })));
    done += asked.length;
    onProgress?.({ stage: 'texts', done, total: texts.length });
  }
  return judged;
}

function summed(judged: readonly Judged[], photos: number, modelId: string, beliefs: Beliefs) {
  const of = (kind: Planted) => judged.filter((each) => each.kind === kind);
  const shuffled = of('shuffled').map(({ evidence }) => evidence);
  const library = libraryWith(judged, plantLibrary(photos, planted, seededRandom(seed, 1)));
  const calibration = new Calibration({ own: evidenceIn(library), shuffled }, beliefs);
  const thresholds = thresholdsAt(usualStrictness);
  const scored = (texts: readonly Judged[]) =>
    texts.map(({ evidence }): ScoredText => {
      const doubts = { wrong: calibration.wrong(evidence), word: evidence.word };
      return { score: calibration.score(evidence), verdict: verdictOn(doubts, thresholds) };
    });
  const right = scored(library.filter(({ kind }) => kind === 'right'));
  const against = (kind: 'random' | 'nearest') =>
    verdictScores(right, scored(library.filter((text) => text.kind === kind)));
  const words = (kind: 'colour' | 'number' | 'object') => {
    const wrong = of(kind);
    const changed = new Set(wrong.map(({ photo }) => photo));
    const before = of('right').filter(({ photo }) => changed.has(photo));
    return verdictScores(scored(before), scored(wrong));
  };
  return {
    swappedAtRandom: against('random'),
    swappedWithNearest: against('nearest'),
    wrongShare: calibration.wrongShare,
    words: { colour: words('colour'), number: words('number'), object: words('object') },
    names: namesTest(of('right'), of('named'), scored),
    chances: contaminations.map((share) => chancesWith(judged, photos, share, shuffled, beliefs)),
    shipped: { modelId, ...shippedFrom(of('right'), shuffled, beliefs) },
  };
}

/** The texts of a library in which each photo has a text of this kind. */
function libraryWith(judged: readonly Judged[], kinds: readonly Planted[]): Judged[] {
  return judged.filter(({ photo, kind }) => kinds[photo] === kind);
}

function evidenceIn(texts: readonly Judged[]): Evidence[] {
  return texts.map(({ evidence }) => evidence);
}

function namesTest(
  right: readonly Judged[],
  named: readonly Judged[],
  scored: (texts: readonly Judged[]) => ScoredText[],
): FilterEvaluation['names'] {
  const photos = new Set(named.map(({ photo }) => photo));
  const without = scored(right.filter(({ photo }) => photos.has(photo)));
  const having = scored(named);
  const wrongIn = (texts: readonly ScoredText[]) => texts.filter(isCalledWrong).length;
  const doubtedIn = (texts: readonly ScoredText[]) => texts.filter(isDoubted).length;
  return {
    texts: named.length,
    wrongWithout: wrongIn(without),
    wrongWith: wrongIn(having),
    doubtedWithout: doubtedIn(without),
    doubtedWith: doubtedIn(having),
  };
}

function chancesWith(
  judged: readonly Judged[],
  photos: number,
  contamination: number,
  shuffled: readonly Evidence[],
  beliefs: Beliefs,
): CheckedChances {
  const shares = { random: contamination, nearest: 0 };
  const library = libraryWith(judged, plantLibrary(photos, shares, seededRandom(seed, 2)));
  const calibration = new Calibration({ own: evidenceIn(library), shuffled }, beliefs);
  const texts = library.map(({ evidence, kind }) => ({
    chance: calibration.wrong(evidence),
    isTrue: kind === 'random',
  }));
  return { contamination, found: calibration.wrongShare, bins: reliability(texts) };
}

/** @param beliefs for kinds of evidence that the model does not give */
function shippedFrom(
  right: readonly Judged[],
  shuffled: readonly Evidence[],
  beliefs: Beliefs,
): Omit<ShippedCalibration, 'modelId'> {
  const fit = (kind: keyof Evidence) => {
    const values = shuffled.map((each) => each[kind]).filter((value) => value !== null);
    return fitNormal(values, { ...beliefs[kind], weight: values.length === 0 ? 1 : 0 });
  };
  const observed: Observed = { own: evidenceIn(right), shuffled };
  const calibration = new Calibration(observed, beliefs);
  const scores = observed.own.map((evidence) => calibration.score(evidence));
  return {
    match: fit('match'),
    cosine: fit('cosine'),
    gain: fit('gain'),
    right: fitNormal(scores, { ...beliefs.right, weight: 0 }),
  };
}
