import type { FoundWords } from '#shared/schemas/search.ts';
import type { PhotoText } from '#main/store/tables/words.ts';
import { searchedWords, wordsOf, type Word } from '#main/store/words/terms.ts';

/** Words looked for: a word, in any English form, or letters and words that stand side by side. */
export interface AskedWords {
  readonly stems: readonly string[];
  readonly runs: readonly (readonly string[])[];
}

/** What the texts of a photo say of what was asked for. */
export interface WordEvidence {
  /** Every word of it stands in what a person wrote of the photo. */
  readonly isSaid: boolean;
  /** The same where the names of its files and folders count too. */
  readonly isNamed: boolean;
  readonly words: readonly FoundWords[];
}

export function askedWords(sentence: string, phrases: readonly string[]): AskedWords {
  const { spaced, unspaced } = searchedWords(sentence);
  const exact = phrases.map((phrase) => wordsOf(phrase).map((word) => word.exact));
  return {
    stems: [...new Set(spaced.map(({ stem }) => stem))],
    runs: [...unspaced, ...exact].filter((run) => run.length > 0),
  };
}

export function wordEvidence(
  { stems, runs }: AskedWords,
  texts: readonly PhotoText[],
): WordEvidence {
  const said = new Set<number>();
  const named = new Set<number>();
  const found = texts.flatMap((text): FoundWords[] => {
    const words = wordsOf(text.text);
    const spots = [
      ...stems.map((stem) => words.filter((word) => word.stem === stem).map((word) => [word])),
      ...runs.map((run) => placesOf(run, words)),
    ];
    for (const [asked, places] of spots.entries()) {
      if (places.length === 0 || !text.byPerson) continue;
      named.add(asked);
      if (text.field !== 'folder' && text.field !== 'file') said.add(asked);
    }
    const ranges = merged(spots.flat());
    return ranges.length === 0 ? [] : [{ ...text, ranges }];
  });
  const asked = stems.length + runs.length;
  return {
    isSaid: asked > 0 && said.size === asked,
    isNamed: asked > 0 && named.size === asked,
    words: found,
  };
}

/** Where words stand side by side. */
function placesOf(run: readonly string[], words: readonly Word[]): Word[][] {
  return words.flatMap((_, start) => {
    const place = words.slice(start, start + run.length);
    const isThere = place.length === run.length && place.every(({ exact }, i) => exact === run[i]);
    return isThere ? [place] : [];
  });
}

/** Ranges in order, those that overlap as one. */
function merged(places: readonly (readonly Word[])[]): [number, number][] {
  const ranges = places
    .map((place): [number, number] => [place[0].start, place[place.length - 1].end])
    .sort(([a], [b]) => a - b);
  const apart: [number, number][] = [];
  for (const [start, end] of ranges) {
    const last = apart.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}
