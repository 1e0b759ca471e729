import { createHash } from 'node:crypto';
import type { PlacedText } from '#main/alttext/pages/read-site.ts';

/** What a place in a page is called, whatever changes around it. */
export interface PlaceIds {
  /** The same whatever text stands there: the page, the picture, and the how manieth of that there. */
  readonly place: string;
  /** Another one for another text. */
  readonly item: string;
}

/** The ids of the places of one page. @param texts in the order of the page */
export function placeIds(texts: readonly Pick<PlacedText, 'page' | 'src' | 'text'>[]): PlaceIds[] {
  const seen = new Map<string | null, number>();
  return texts.map(({ page, src, text }) => {
    const nth = seen.get(src) ?? 0;
    seen.set(src, nth + 1);
    const place = hashOf([page, src, nth]);
    return { place, item: hashOf([place, text]) };
  });
}

function hashOf(parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
