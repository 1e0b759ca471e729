import type { MedModel } from '#main/med/model/med-model.ts';
import { asCaption } from './as-caption.ts';
import type { Matcher } from './matcher.ts';
import { judge, lineOf, type Line, type ModelPresence } from './presence.ts';
import type { Candidate, Judged, TextEvidence } from './rank.ts';
import { refusedTexts } from './refused-texts.ts';
import type { SearchIndex } from './search-index.ts';
import { understand, type Understanding } from './understood.ts';
import { askedWords, wordEvidence, type AskedWords } from './word-evidence.ts';

/** What a text asks about photos. */
export interface Question {
  /** As captions have it. */
  readonly text: string;
  readonly words: AskedWords;
  readonly understanding: Understanding;
  /** Its embedding; null where the model does not understand it. */
  readonly vector: Float32Array | null;
  readonly line: Line;
}

/** What is looked for, and what should not be there. */
export interface Questions {
  readonly asked: Question;
  readonly refused: readonly Question[];
}

/**
 * @param phrases that must stand with a photo besides the words of the sentence
 * @param photos how many are searched
 */
export async function askQuestions(
  model: MedModel,
  presence: ModelPresence | null,
  { sentence, phrases, refused }: AskedTexts,
  photos: number,
): Promise<Questions> {
  const understood = [sentence, ...refused.flatMap(refusedTexts)].map((written, i) => ({
    text: asCaption(written),
    words: askedWords(written, i === 0 ? phrases : []),
    understanding: understand(model, written, presence?.seen ?? null),
  }));
  const known = understood.filter(({ understanding }) => understanding.isUnderstood);
  const vectors = known.length > 0 ? await model.embedTexts(known.map(({ text }) => text)) : [];
  const questions = understood.map((each, i): Question => {
    const place = known.indexOf(each);
    return {
      ...each,
      vector: place === -1 ? null : vectors[place],
      line: lineOf(presence, {
        ...each.understanding,
        photos: i === 0 ? photos : photosAskedAbout(each.understanding, photos),
      }),
    };
  });
  return { asked: questions[0], refused: questions.slice(1) };
}

/**
 * Among how many photos one would have to stand out to show what should not be there. Of a clause, as “a dog
 * in water”, only of itself: it is asked about photos that show the dog. For one word the match says too little
 * for that (tools/search/negation.ts).
 */
function photosAskedAbout({ contentWords }: Understanding, photos: number): number {
  return contentWords > 1 ? 1 : photos;
}

export interface AskedTexts {
  readonly sentence: string;
  readonly phrases: readonly string[];
  readonly refused: readonly string[];
}

/** What the texts of photos say of what was asked, in order. */
export async function textEvidence(
  index: Pick<SearchIndex, 'texts'>,
  { asked, refused }: Questions,
  photoIds: readonly string[],
): Promise<TextEvidence[]> {
  const texts = await index.texts(photoIds);
  return photoIds.map((id) => {
    const said = texts.get(id) ?? [];
    const isRefused = refused.some(({ words }) => wordEvidence(words, said).isSaid);
    return { ...wordEvidence(asked.words, said), isRefused };
  });
}

/** A candidate that was judged, and whether it is what was asked for, apart from what should not be there. */
export interface Answer {
  readonly judged: Judged;
  readonly isAsked: boolean;
}

/**
 * Judges candidates with their evidence, in order. Words that a person wrote of a photo are evidence as good as
 * its picture: it shows what was meant and not what a model sees in it, as who somebody is, so either is enough.
 *
 * @param mayBe whether to ask the model of a photo that no words speak of
 * @throws {MedleyError} `cancelled`.
 */
export async function judgeCandidates(
  index: SearchIndex,
  matcher: Matcher,
  questions: Questions,
  candidates: readonly Candidate[],
  mayBe: (candidate: Candidate, place: number) => boolean,
  signal: AbortSignal,
): Promise<Answer[]> {
  const { asked, refused } = questions;
  const possible = candidates.filter(
    (each, place) => asked.vector !== null && (each.evidence?.isNamed || mayBe(each, place)),
  );
  const matches = await matcher.match(
    index,
    possible.map(({ photoId }) => photoId),
    asked.text,
    signal,
  );
  const answers = candidates.map((candidate) => {
    const match = matches.get(candidate.photoId) ?? null;
    const seen =
      match === null ? null : judge(asked.line, { match, cosine: candidate.cosine ?? 0 });
    const isAsked = seen?.above === true || candidate.evidence?.isNamed === true;
    return { candidate, match, probability: seen?.probability ?? null, isAsked };
  });
  const fitting = answers.flatMap(({ candidate, isAsked }) => (isAsked ? candidate.photoId : []));
  const showing = await Promise.all(
    refused.map((question) => photosShowing(index, matcher, question, fitting, signal)),
  );
  return answers.map(({ candidate, match, probability, isAsked }) => {
    const isRefused =
      candidate.evidence?.isRefused === true || showing.some((ids) => ids.has(candidate.photoId));
    return { judged: { match, probability, isFound: isAsked && !isRefused }, isAsked };
  });
}

/** Which of some photos show what a text says. */
async function photosShowing(
  index: SearchIndex,
  matcher: Matcher,
  { text, vector, line }: Question,
  photoIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (vector === null || photoIds.length === 0) return new Set();
  const cosines = await index.cosines(vector, photoIds);
  const matches = await matcher.match(index, photoIds, text, signal);
  const shows = (id: string) => {
    const match = matches.get(id);
    return match !== undefined && judge(line, { match, cosine: cosines.get(id) ?? 0 }).above;
  };
  return new Set(photoIds.filter(shows));
}
