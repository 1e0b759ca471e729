import type { FilterVerdict } from '#shared/schemas/review.ts';
import { rocAuc } from '../roc.ts';

/** How well the verdict `wrong` finds one kind of wrong text. All in [0, 1]. */
export interface VerdictScores {
  /** Texts of this kind. */
  readonly count: number;
  /** Chance that a right text scores above one of this kind; 0.5 is guessing. */
  readonly auc: number;
  /** Of the texts called wrong, right ones and ones of this kind, those of this kind; null where none is called so. */
  readonly precision: number | null;
  /** Of the texts of this kind, those called wrong. */
  readonly recall: number;
  /** Of the texts of this kind, those called wrong or doubtful, which are those that a person is shown. */
  readonly doubted: number;
  /** Of the right texts, those called so. */
  readonly rightDoubted: number;
}

/** A judged text: a higher score fits better. */
export interface ScoredText {
  readonly score: number;
  readonly verdict: FilterVerdict;
}

export function isCalledWrong({ verdict }: ScoredText): boolean {
  return verdict === 'wrong';
}

export function isDoubted({ verdict }: ScoredText): boolean {
  return verdict === 'wrong' || verdict === 'doubtful';
}

/** Both lists must have an entry. */
export function verdictScores(
  right: readonly ScoredText[],
  wrong: readonly ScoredText[],
): VerdictScores {
  const found = wrong.filter(isCalledWrong).length;
  const blamed = right.filter(isCalledWrong).length;
  return {
    count: wrong.length,
    auc: rocAuc(
      right.map(({ score }) => score),
      wrong.map(({ score }) => score),
    ),
    precision: found + blamed === 0 ? null : found / (found + blamed),
    recall: found / wrong.length,
    doubted: wrong.filter(isDoubted).length / wrong.length,
    rightDoubted: right.filter(isDoubted).length / right.length,
  };
}
