import type { CaptionSearch, Continuation, RowScores } from './caption-search.ts';

/** Next-token scores of all rows of a step. */
export interface StepScores {
  /** `[rows, vocabulary]` */
  readonly logits: Float32Array;
  /** `[rows]` */
  readonly logSumExp: Float32Array;
}

/** A language model that looks at a batch of photos; a photo's rows follow each other. */
export interface PhotoDecoder {
  readonly vocabularySize: number;
  /** Reads [DEC] and the prompt, one row a photo. */
  prefill(prompt: readonly number[]): Promise<StepScores>;
  /** Appends one token to each row; `parent` counts the rows of the step before. */
  step(rows: readonly Continuation[]): Promise<StepScores>;
  /** Drops all photos but these, given as indices among those it has now. */
  retain(photos: readonly number[]): Promise<void>;
}

interface ActivePhoto {
  readonly search: CaptionSearch;
  /** Empty once the search is done. */
  next: readonly Continuation[];
  /** The photo's first row in the latest step. */
  firstRow: number;
}

/** Dead rows cost less than moving the other photos' memory until they are this part of a batch. */
const WORTH_DROPPING = 0.25;

/**
 * Runs one search a photo, all in step, until every one is done. All searches ask for the same
 * number of rows.
 */
export async function generate(
  decoder: PhotoDecoder,
  searches: readonly CaptionSearch[],
  prompt: readonly number[],
): Promise<void> {
  let photos = searches.map((search): ActivePhoto => ({ search, next: [], firstRow: 0 }));
  const vocabulary = decoder.vocabularySize;
  advance(photos, photos, await decoder.prefill(prompt), 1, vocabulary);
  for (;;) {
    const active = photos.filter(({ next }) => next.length > 0);
    if (active.length === 0) return;
    if (photos.length - active.length >= photos.length * WORTH_DROPPING) {
      await decoder.retain(active.map((photo) => photos.indexOf(photo)));
      photos = active;
    }
    const width = active[0].next.length;
    const scores = await decoder.step(photos.flatMap((photo) => rowsOf(photo, width)));
    advance(photos, active, scores, width, vocabulary);
  }
}

function rowsOf({ next, firstRow }: ActivePhoto, width: number): Continuation[] {
  // A finished photo that was not dropped keeps its place with rows that nobody reads.
  if (next.length === 0)
    return Array.from({ length: width }, () => ({ parent: firstRow, token: 0 }));
  return next.map(({ parent, token }) => ({ parent: firstRow + parent, token }));
}

function advance(
  photos: readonly ActivePhoto[],
  active: readonly ActivePhoto[],
  scores: StepScores,
  width: number,
  vocabulary: number,
): void {
  photos.forEach((photo, index) => {
    photo.firstRow = index * width;
  });
  for (const photo of active) {
    const rows = Array.from({ length: width }, (_, i): RowScores => {
      const row = photo.firstRow + i;
      return {
        logits: scores.logits.subarray(row * vocabulary, (row + 1) * vocabulary),
        logSumExp: scores.logSumExp[row],
      };
    });
    photo.next = photo.search.advance(rows);
  }
}
