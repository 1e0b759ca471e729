import type { PlacedText } from '#main/alttext/pages/read-site.ts';
import { fixText } from '#main/alttext/rules/fix-text.ts';
import type { CheckedSite } from '#main/engine/site/checked-site.ts';
import { reviewPlaces, type ReviewedPlace } from '#main/engine/site/site-review.ts';
import type { PageAnswers } from '#main/store/site-answers.ts';
import { opinionOf, type CleanedText } from './cleaned-text.ts';
import { replacementFor } from './replacement.ts';

/** A text of a page with what is thought of it. */
export interface JudgedPlace {
  readonly place: PlacedText;
  readonly cleaned: CleanedText;
  /** What may take its place without a person; null for nothing. */
  readonly replacement: string | null;
}

/**
 * The alternative texts of a website as `medley clean` tells of them, the worst first.
 *
 * @param answers what a person said of them: what was answered is left alone
 */
export function judgedPlaces(
  checked: CheckedSite,
  answers: PageAnswers,
  strict: number,
): JudgedPlace[] {
  return reviewPlaces(checked, answers, strict).map((reviewed) => ({
    place: reviewed.place,
    cleaned: cleanedPlace(reviewed),
    replacement: replacementOf(reviewed),
  }));
}

function replacementOf({ place, item }: ReviewedPlace): string | null {
  if (item.answer !== null) return null;
  return replacementFor(item)?.text ?? fixText(place)?.text ?? null;
}

function cleanedPlace({ place: { page, line, column }, item }: ReviewedPlace): CleanedText {
  const { file, text, findings } = item;
  return {
    file,
    source: `${page}:${line}:${column}`,
    text,
    ...opinionOf(item),
    rules: findings.map(({ rule }) => rule),
  };
}
