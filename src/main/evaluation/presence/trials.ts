import type { Match } from '#main/med/model/med-model.ts';
import { MedleyError } from '#shared/errors.ts';
import { understand } from '#main/search/understood.ts';
import { cosines, shortlist, type Hit } from '../retrieval.ts';
import {
  embedPhotos,
  embedTexts,
  inBatches,
  loadPhotos,
  matchTexts,
  photoBatch,
  type Passes,
  type UnreadablePhoto,
} from '../passes.ts';
import { textsToAsk, wordsSaid, type AskedText } from './asked-texts.ts';
import { librariesOf, type Libraries } from './libraries.ts';

/** Photos of each library that are matched with what is asked. */
export const depth = 32;

/** A photo of a shortlist. */
export interface Candidate extends Hit {
  readonly match: Match;
}

/** A text asked of one library. */
export interface Trial {
  readonly asked: AskedText;
  readonly contentWords: number;
  readonly isUnderstood: boolean;
  /** Photos of the libraries that this one is among. */
  readonly size: number;
  /** Photos in this one: one less where it was removed. */
  readonly photos: number;
  /**
   * Whether the library has a photo for it. It does not where that was removed, though another photo may fit a
   * caption as well.
   */
  readonly isPresent: boolean;
  /** Those of the library nearest to it, nearest first. */
  readonly candidates: readonly Candidate[];
}

export interface Trials {
  readonly photos: number;
  readonly trials: readonly Trial[];
  readonly unreadable: readonly UnreadablePhoto[];
}

/**
 * Asks every text of libraries of every size: one that has its photo, and the same without it. Photos are
 * encoded twice, as in `evaluate`, and each is matched with all texts that it came near to at once.
 *
 * @throws MedleyError `bad-request` for fewer than two photos; what `loadPixels` throws where it leaves fewer
 */
export async function runTrials(options: Passes): Promise<Trials> {
  const { photos, vectors, unreadable } = await embedPhotos(options);
  if (photos.length < 2) {
    throw (
      unreadable[0]?.error ??
      new MedleyError('bad-request', 'Evaluation needs at least two photos with captions')
    );
  }
  const asked = textsToAsk(photos);
  const texts = asked.map(({ text }) => text);
  const textVectors = await embedTexts(options, texts);
  const readable = { ...options, photos };
  const plans = librariesOf(photos.length).flatMap((libraries) =>
    asked.map((each, text) => {
      const library = libraryFor(each, text, libraries);
      const scores = cosines(
        textVectors[text],
        library.map((photo) => vectors[photo]),
      );
      // One more than is matched, as one may be removed.
      const hits = shortlist(scores, depth + 1).map(({ index, cosine }) => ({
        index: library[index],
        cosine,
      }));
      return { text, size: libraries.size, library, hits };
    }),
  );
  const matches = await matchAll(readable, texts, plans);
  const said = photos.map(({ captions }) => wordsSaid(captions));
  const trials = plans.flatMap(({ text, size, library, hits }) => {
    const { photo } = asked[text];
    const { contentWords, isUnderstood } = understand(options.model, texts[text]);
    const trial = (isPresent: boolean, without: number | null): Trial => ({
      asked: asked[text],
      contentWords,
      isUnderstood,
      size,
      photos: library.length - (without === null ? 0 : 1),
      isPresent,
      candidates: hits
        .filter(({ index }) => index !== without)
        .slice(0, depth)
        .map((hit) => ({ ...hit, match: matchOf(matches, hit.index, text) })),
    });
    if (photo === null) return [trial(false, null)];
    const isSaidElsewhere = library.some(
      (other) => other !== photo && said[other].has(texts[text]),
    );
    return [trial(true, null), ...(isSaidElsewhere ? [] : [trial(false, photo)])];
  });
  return { photos: photos.length, trials, unreadable };
}

/** The library that holds the photo; for texts of none, one after the other. */
function libraryFor({ photo }: AskedText, text: number, { each, of }: Libraries) {
  return (photo === null ? undefined : of.get(photo)) ?? each[text % each.length];
}

async function matchAll(
  options: Passes,
  texts: readonly string[],
  plans: readonly { readonly text: number; readonly hits: readonly Hit[] }[],
): Promise<ReadonlyMap<number, Match>[]> {
  const { model, photos, onProgress } = options;
  const wanted = photos.map(() => new Set<number>());
  for (const { text, hits } of plans) for (const { index } of hits) wanted[index].add(text);
  // The shortest first, to waste little padding.
  const pairs = wanted.map((each) => [...each].sort((a, b) => texts[a].length - texts[b].length));
  const total = pairs.reduce((sum, each) => sum + each.length, 0);
  const matches: ReadonlyMap<number, Match>[] = [];
  let done = 0;
  for (const batch of inBatches(photos, photoBatch)) {
    const embedded = await model.embedImages(await loadPhotos(options, batch), 'matching');
    for (const { features } of embedded) {
      const chosen = pairs[matches.length];
      matches.push(await matchTexts(model, features, chosen, texts));
      done += chosen.length;
      onProgress?.({ stage: 'pairs', done, total });
    }
  }
  return matches;
}

function matchOf(matches: readonly ReadonlyMap<number, Match>[], photo: number, text: number) {
  const match = matches[photo].get(text);
  if (match === undefined) throw new Error(`photo ${photo} was not matched with text ${text}`);
  return match;
}
