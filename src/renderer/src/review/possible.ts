import type { Fix } from '#shared/schemas/alt-text.ts';
import type { ReviewItem } from '#shared/schemas/review.ts';
import { brokenRules } from './queue.ts';

/** Which answers an item can be given. */
export interface Possible {
  readonly keep: boolean;
  /** Another text can be put in its place. */
  readonly write: boolean;
  readonly erase: boolean;
  /** It can be left empty, which says that the picture is decorative. */
  readonly empty: boolean;
  /** The model can be asked for texts. */
  readonly propose: boolean;
}

export const nothing: Possible = {
  keep: false,
  write: false,
  erase: false,
  empty: false,
  propose: false,
};

export function possibleFor({ place, purpose, text }: ReviewItem): Possible {
  if (place.kind === 'field') {
    const hasText = text !== null && text !== '';
    return { keep: hasText, write: true, erase: hasText, empty: purpose === 'alt', propose: true };
  }
  const { writable, mayBeEmpty, functional, picture } = place;
  return {
    keep: true,
    write: writable,
    // A picture without a text is a fault of the page; an empty one says that it is decorative.
    erase: false,
    empty: writable && mayBeEmpty,
    // What a link does, no picture shows.
    propose: writable && !functional && picture !== null,
  };
}

/** What the first rule that knows how would do; null where none does. */
export function fixFor(item: ReviewItem): Fix | null {
  if (!possibleFor(item).write) return null;
  return brokenRules(item).find(({ fix }) => fix !== null)?.fix ?? null;
}
