import type { Circle } from './circle.ts';
import { matchOdds, type HeldText } from './match-odds.ts';
import type { Tuned } from './rows.ts';
import type { Trained } from './trained.ts';

/** What a filter makes of clean captions that it did not learn from. */
export interface FilterCheck {
  /** Log-odds of the match below which a text is noise. */
  readonly threshold: number;
  /** Of captions with their own photos, those that it keeps. */
  readonly rightKept: PartOf;
  /** Of the same captions with other photos, those that it takes out. */
  readonly wrongRemoved: PartOf;
}

interface PartOf {
  readonly count: number;
  readonly of: number;
}

/** With how many other photos a caption is held. */
const otherPhotos = 8;

/**
 * Finds the threshold of a filter: where it errs as often on right texts as on wrong ones. The paper takes
 * whichever logit of the ITM head is larger (section 3.3), but ITM is trained with two hard negatives for each
 * match, and calls many a right text unmatched.
 *
 * The captions are those for validation. The epoch of the filter was chosen by them too, so that it may do a
 * little worse elsewhere.
 */
export async function filterCheck(
  circle: Circle,
  filter: Trained,
  name: Tuned,
): Promise<FilterCheck> {
  const { validation } = circle.photos;
  const count = validation.length;
  const heldBy = (step: number): HeldText[] =>
    validation.flatMap(({ captions }, i) =>
      captions.map((text) => ({ photo: validation[(i + step) % count], text })),
    );
  const others = Math.min(otherPhotos, count - 1);
  const steps = Array.from(
    { length: others },
    (_, i) => 1 + Math.floor((i * (count - 1)) / others),
  );
  const [own, wrongly] = [heldBy(0), steps.flatMap(heldBy)];
  const odds = await matchOdds(circle, filter, `${name}-check`, [...own, ...wrongly]);
  const [right, wrong] = [odds.slice(0, own.length), odds.slice(own.length)];
  const threshold = equalErrorThreshold(right, wrong);
  return {
    threshold,
    rightKept: { count: right.filter((value) => value >= threshold).length, of: right.length },
    wrongRemoved: { count: wrong.filter((value) => value < threshold).length, of: wrong.length },
  };
}

/**
 * The score from which on a text is kept, so that the share of right ones below it is nearest to that of wrong ones
 * above. 0 where there are no wrong ones to tell.
 */
export function equalErrorThreshold(right: readonly number[], wrong: readonly number[]): number {
  if (wrong.length === 0) return 0;
  const imbalance = (threshold: number) =>
    Math.abs(
      right.filter((score) => score < threshold).length / right.length -
        wrong.filter((score) => score >= threshold).length / wrong.length,
    );
  const candidates = [...right, ...wrong].toSorted((a, b) => a - b);
  return candidates.reduce((best, each) => (imbalance(each) < imbalance(best) ? each : best));
}
