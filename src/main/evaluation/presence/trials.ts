import type { Match } from '#main/med/model/med-model.ts';
import { MedleyError } from '#shared/errors.ts';
import { asCaption } from '#main/search/as-caption.ts';
import { seenWordsOf } from '#main/search/seen-words.ts';
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
import { photosWithout, textsToAsk, wordsSaid, type AskedText } from './asked-texts.ts';
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
  readonly unseenShare: number;
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
 * Asks every text of libraries of every size: one that has its photo, and one that does not. Photos are
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
  const texts = asked.map(({ text }) => asCaption(text));
  const textVectors = await embedTexts(options, texts);
  const readable = { ...options, photos };
  const said = photos.map(({ captions }) => wordsSaid(captions));
  const searches = librariesOf(photos.length).flatMap((libraries) =>
    asked.flatMap((each, text) =>
      searchesFor(each, text, libraries, said).map((search) => {
        const scores = cosines(
          textVectors[text],
          search.library.map((photo) => vectors[photo]),
        );
        const hits = shortlist(scores, depth).map(({ index, cosine }) => ({
          index: search.library[index],
          cosine,
        }));
        return { ...search, text, hits };
      }),
    ),
  );
  const matches = await matchAll(readable, texts, searches);
  const seen = await seenWordsOf(options.model.info);
  const understood = asked.map(({ text }) => understand(options.model, text, seen));
  const trials = searches.map(({ text, size, library, isPresent, hits }): Trial => {
    const { contentWords, isUnderstood, unseenShare } = understood[text];
    return {
      asked: asked[text],
      contentWords,
      isUnderstood,
      unseenShare,
      size,
      photos: library.length,
      isPresent,
      candidates: hits.map((hit) => ({ ...hit, match: matchOf(matches, hit.index, text) })),
    };
  });
  return { photos: photos.length, trials, unreadable };
}

/** Photos that are asked a text, and whether the one that it is for is among them. */
interface Search {
  readonly size: number;
  readonly library: readonly number[];
  readonly isPresent: boolean;
}

/**
 * A library that has the photo, and one that does not: for captions the same without it, for everyday words other photos of
 * which no caption has a sign of them. For texts of no photo one library after the other.
 *
 * @param said the words of the captions of each photo
 */
function searchesFor(
  { kind, text, photo }: AskedText,
  place: number,
  { size, each, of }: Libraries,
  said: readonly ReadonlySet<string>[],
): Search[] {
  const library = (photo === null ? undefined : of.get(photo)) ?? each[place % each.length];
  if (photo === null) return [{ size, library, isPresent: false }];
  const present = { size, library, isPresent: true };
  switch (kind) {
    case 'caption':
    case 'own-words': {
      const others = library.filter((other) => other !== photo);
      return [present, { size, library: others, isPresent: false }];
    }
    case 'everyday': {
      const without = photosWithout(text, said);
      const others = photosFrom(each, place).filter((other) => without.has(other));
      if (others.length < size) return [present];
      return [present, { size, library: others.slice(0, size), isPresent: false }];
    }
    default:
      return [present];
  }
}

/** All photos, beginning with those of one library. */
function photosFrom(each: Libraries['each'], place: number): number[] {
  const start = place % each.length;
  return [...new Set([...each.slice(start), ...each.slice(0, start)].flat())];
}

async function matchAll(
  options: Passes,
  texts: readonly string[],
  searches: readonly { readonly text: number; readonly hits: readonly Hit[] }[],
): Promise<ReadonlyMap<number, Match>[]> {
  const { model, photos, onProgress } = options;
  const wanted = photos.map(() => new Set<number>());
  for (const { text, hits } of searches) for (const { index } of hits) wanted[index].add(text);
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
