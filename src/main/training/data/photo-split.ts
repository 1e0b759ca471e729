import { createHash } from 'node:crypto';

/** What parts of the photos are kept from training. */
export interface SplitShares {
  /** For stopping early. */
  readonly validation: number;
  /** For the question whether the new model is better. */
  readonly heldOut: number;
}

export interface SplitPhotos<T> {
  readonly train: readonly T[];
  readonly validation: readonly T[];
  readonly heldOut: readonly T[];
}

/**
 * Splits photos, never the captions of one: in an order that hangs on the seed and the photo alone,
 * so that how they are listed changes nothing. Every part kept from training has a photo at least.
 */
export function splitPhotos<T extends { readonly key: string }>(
  photos: readonly T[],
  { validation, heldOut }: SplitShares,
  seed: number,
): SplitPhotos<T> {
  const place = ({ key }: T) => createHash('sha256').update(`${seed} ${key}`).digest('hex');
  const places = new Map(photos.map((photo) => [photo, place(photo)]));
  const ordered = photos.toSorted((a, b) =>
    (places.get(a) ?? '') < (places.get(b) ?? '') ? -1 : 1,
  );
  const count = (share: number) => Math.max(1, Math.round(share * photos.length));
  const first = count(validation);
  const second = first + count(heldOut);
  return {
    validation: ordered.slice(0, first),
    heldOut: ordered.slice(first, second),
    train: ordered.slice(second),
  };
}
