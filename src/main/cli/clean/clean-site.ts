import type { PlacedText } from '#main/alttext/pages/read-site.ts';
import type { CheckedSite } from '#main/engine/site/checked-site.ts';
import { reviewPlaces, type ReviewedPlace } from '#main/engine/site/site-review.ts';
import { opinionOf, type CleanedText } from './cleaned-text.ts';
import { replacementFor } from './replacement.ts';

/** A text of a page with what is thought of it. */
export interface JudgedPlace {
  readonly place: PlacedText;
  readonly cleaned: CleanedText;
  /** What may take its place without a person; null for nothing. */
  readonly replacement: string | null;
}

/** The alternative texts of a website as `medley clean` tells of them, the worst first. */
export function judgedPlaces(checked: CheckedSite, strict: number): JudgedPlace[] {
  return reviewPlaces(checked, new Map(), strict).map(({ place, item }) => ({
    place,
    cleaned: cleanedPlace({ place, item }),
    replacement: replacementFor(item)?.text ?? null,
  }));
}

function cleanedPlace({
  place: { page, line, column },
  item,
}: Pick<ReviewedPlace, 'place' | 'item'>): CleanedText {
  const { file, text, findings } = item;
  return {
    file,
    source: `${page}:${line}:${column}`,
    text,
    ...opinionOf(item),
    rules: findings.map(({ rule }) => rule),
  };
}
