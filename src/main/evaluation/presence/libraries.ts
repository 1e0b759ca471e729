import { seededRandom } from '#main/med/decoding/random.ts';

const seed = 11;
/** Sizes of the libraries that are made of the photos, besides all of them. */
const sizes = [10, 50, 200];

/** The photos as libraries of one size, each photo in one of them at least; always the same. */
export interface Libraries {
  readonly size: number;
  /** Photos by their place. */
  readonly each: readonly (readonly number[])[];
  /** For each photo the library that it is in. */
  readonly of: ReadonlyMap<number, readonly number[]>;
}

/** The photos as libraries of every size. */
export function librariesOf(photos: number): Libraries[] {
  const order = shuffled(photos);
  return [...sizes.filter((size) => size < photos), photos].map((size) => {
    const each = Array.from({ length: Math.ceil(photos / size) }, (_, i) => {
      // The last one is filled up with photos of the one before.
      const start = Math.min(i * size, photos - size);
      return order.slice(start, start + size);
    });
    const of = new Map(each.flatMap((library) => library.map((photo) => [photo, library])));
    return { size, each, of };
  });
}

function shuffled(count: number): number[] {
  const random = seededRandom(seed, 0);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let left = count - 1; left > 0; left--) {
    const other = Math.floor(random() * (left + 1));
    [order[left], order[other]] = [order[other], order[left]];
  }
  return order;
}
