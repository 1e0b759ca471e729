import { basename } from 'node:path';
import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import { isFunctionForm, isVisibleForm, wordPattern } from '#main/med/text/english-words.ts';
import { absentQueries } from './queries/absent.ts';
import { everydayWords } from './queries/everyday.ts';
import { nearMisses } from './queries/near-misses.ts';
import { nonsenseQueries } from './queries/nonsense.ts';
import { ownWords } from './queries/own-words.ts';

/** Texts for photos of the set, and texts for none. */
export const kindsForPhotos = [
  'caption',
  'own-words',
  'everyday',
  'one-word',
  'two-words',
] as const;
export type KindForPhotos = (typeof kindsForPhotos)[number];

export type AskedText =
  | { readonly kind: KindForPhotos; readonly text: string; readonly photo: number }
  | {
      readonly kind: 'absent' | 'near-miss' | 'nonsense';
      readonly text: string;
      readonly photo: null;
    };

/** Captions, single words and pairs of them that are asked at most: evenly spread over the photos. */
const mostCaptions = 200;
const mostWords = 160;
const mostPairs = 80;

/**
 * What is asked of the photos: a caption each, words written from the photo alone, everyday words, and single words and
 * pairs that most captions of a photo have in common; what no photo shows, what none quite shows, and nonsense.
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
  const everyday = everydayWords.flatMap(({ text }): AskedText[] => {
    const photo = photos.findIndex(({ captions }) => isAgreed(captions, text));
    return photo === -1 ? [] : [{ kind: 'everyday', text, photo }];
  });
  const words = agreed(photos, 'one-word', wordsToAsk);
  const pairs = agreed(photos, 'two-words', pairsToAsk);
  return [
    ...captions,
    ...own,
    ...everyday,
    ...spread(words.length, mostWords).map((i) => words[i]),
    ...spread(pairs.length, mostPairs).map((i) => pairs[i]),
    ...absentQueries.map((text) => ({ kind: 'absent' as const, text, photo: null })),
    ...nearMisses.map((text) => ({ kind: 'near-miss' as const, text, photo: null })),
    ...nonsenseQueries.map((text) => ({ kind: 'nonsense' as const, text, photo: null })),
  ];
}

/** Words in lower case, without the plural's or the possessive's s: `dogs` and `dog` are one. */
export function wordsSaid(captions: readonly string[]): Set<string> {
  const words = captions.flatMap((caption) => caption.toLowerCase().match(wordPattern) ?? []);
  return new Set(words.map(formOf));
}

/** Photos of which no caption has a sign of an everyday word. */
export function photosWithout(
  everyday: string,
  said: readonly ReadonlySet<string>[],
): ReadonlySet<number> {
  const signs = everydayWords.find(({ text }) => text === everyday)?.signs.map(formOf) ?? [];
  const without = said.flatMap((words, photo) =>
    signs.some((sign) => words.has(sign)) ? [] : [photo],
  );
  return new Set(without);
}

/** Whether most captions say a word. */
function isAgreed(captions: readonly string[], word: string): boolean {
  const saying = captions.filter((caption) => wordsSaid([caption]).has(formOf(word)));
  return saying.length > captions.length / 2;
}

function formOf(word: string): string {
  return word.replace(/(['’]s|s)$/, '');
}

/** Of each photo what most of its captions say and that was not taken before. */
function agreed(
  photos: readonly CaptionedPhoto[],
  kind: 'one-word' | 'two-words',
  textsOf: (caption: string) => ReadonlySet<string>,
): AskedText[] {
  const taken = new Set<string>();
  return photos.flatMap(({ captions }, photo) => {
    const counts = new Map<string, number>();
    for (const caption of captions) {
      for (const text of textsOf(caption)) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const said = [...counts].find(
      ([text, count]) => count > captions.length / 2 && !taken.has(text),
    );
    if (said === undefined) return [];
    taken.add(said[0]);
    return [{ kind, text: said[0], photo }];
  });
}

function wordsToAsk(caption: string): Set<string> {
  return new Set([...wordsSaid([caption])].filter(showsSomething));
}

/** Words that stand side by side. */
function pairsToAsk(caption: string): Set<string> {
  const words = caption.toLowerCase().match(wordPattern) ?? [];
  const pairs = words.slice(1).map((second, i) => [words[i], second]);
  return new Set(
    pairs
      .filter((pair) => pair.every((word) => showsSomething(word)))
      .map((pair) => pair.join(' ')),
  );
}

function showsSomething(word: string): boolean {
  return word.length > 2 && isVisibleForm(word) && !isFunctionForm(word);
}

/** At most `most` of the first `count` numbers, evenly spread. */
function spread(count: number, most: number): number[] {
  const length = Math.min(count, most);
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}
