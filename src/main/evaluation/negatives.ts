import type { TestSet } from './test-set.ts';

/** A photo and a caption of another photo. */
export interface Mismatch {
  readonly photo: number;
  readonly text: number;
}

const seed = 1;

/** For every caption of every photo, a caption of another photo drawn at random; always the same. */
export function randomNegatives(set: TestSet): Mismatch[] {
  const random = createRandom(seed);
  return set.photoOf.flatMap((photo) => {
    const text = foreignFrom(set, photo, Math.floor(random() * set.texts.length));
    return text === null ? [] : [{ photo, text }];
  });
}

/** The caption of another photo with the highest cosine: the hard negative of ITM training. */
export function hardNegative(set: TestSet, photo: number, cosines: Float32Array): Mismatch | null {
  let best: number | null = null;
  for (const [text, cosine] of cosines.entries()) {
    if (best !== null && cosine <= cosines[best]) continue;
    if (set.isForeign(text, photo)) best = text;
  }
  return best === null ? null : { photo, text: best };
}

/** The first text from `start` on, round the end, that is foreign to the photo. */
function foreignFrom(set: TestSet, photo: number, start: number): number | null {
  for (let step = 0; step < set.texts.length; step++) {
    const text = (start + step) % set.texts.length;
    if (set.isForeign(text, photo)) return text;
  }
  return null;
}

/** Numbers in [0, 1), the same for the same seed (Mulberry32). */
function createRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
