import { basename } from 'node:path';
import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import { isFunctionForm, isVisibleForm, wordPattern } from '#main/med/text/english-words.ts';
import { absentQueries } from './queries/absent.ts';
import { nonsenseQueries } from './queries/nonsense.ts';
import { ownWords } from './queries/own-words.ts';

/** Texts for photos of the set, and texts for none. */
export const kindsForPhotos = ['caption', 'own-words', 'one-word'] as const;
export type KindForPhotos = (typeof kindsForPhotos)[number];

export type AskedText =
  | { readonly kind: KindForPhotos; readonly text: string; readonly photo: number }
  | { readonly kind: 'absent' | 'nonsense'; readonly text: string; readonly photo: null };

/** Captions, and single words, that are asked at most: evenly spread over the photos. */
const mostCaptions = 400;
const mostWords = 200;

/**
 * What is asked of the photos: a caption each, words written from the photo alone, and
 * single words that most captions of a photo have in common; what no photo shows, and nonsense.
 */
export function textsToAsk(photos: readonly CaptionedPhoto[]): AskedText[] {
  const captions = spread(photos.length, mostCaptions).map((photo): AskedText => {
    const said = photos[photo].captions;
    return { kind: 'caption', text: said[photo % said.length], photo };
  });
  const places = new Map(photos.map(({ file }, photo) => [basename(file), photo]));
  const own = ownWords.flatMap(({ file, text }): AskedText[] => {
    const photo = places.get(file);
    return photo === undefined ? [] : [{ kind: 'own-words', text, photo }];
  });
  const words = singleWords(photos);
  return [
    ...captions,
    ...own,
    ...spread(words.length, mostWords).map((i) => words[i]),
    ...absentQueries.map((text) => ({ kind: 'absent' as const, text, photo: null })),
    ...nonsenseQueries.map((text) => ({ kind: 'nonsense' as const, text, photo: null })),
  ];
}

/** Words in lower case, without the plural's or the possessive's s: `dogs` and `dog` are one. */
export function wordsSaid(captions: readonly string[]): Set<string> {
  const words = captions.flatMap((caption) => caption.toLowerCase().match(wordPattern) ?? []);
  return new Set(words.map((word) => word.replace(/(['’]s|s)$/, '')));
}

/** Of each photo a word that most of its captions say and that was not taken before. */
function singleWords(photos: readonly CaptionedPhoto[]): AskedText[] {
  const taken = new Set<string>();
  return photos.flatMap(({ captions }, photo) => {
    const counts = new Map<string, number>();
    for (const caption of captions) {
      for (const word of wordsSaid([caption])) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const agreed = [...counts].find(
      ([word, count]) => count > captions.length / 2 && showsSomething(word) && !taken.has(word),
    );
    if (agreed === undefined) return [];
    taken.add(agreed[0]);
    return [{ kind: 'one-word' as const, text: agreed[0], photo }];
  });
}

function showsSomething(word: string): boolean {
  return word.length > 2 && isVisibleForm(word) && !isFunctionForm(word);
}

/** At most `most` of the first `count` numbers, evenly spread. */
function spread(count: number, most: number): number[] {
  const length = Math.min(count, most);
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}
