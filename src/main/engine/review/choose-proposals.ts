import type { Calibration } from '#main/capfilt/calibration/calibration.ts';
import { verdictOn, type Thresholds } from '#main/capfilt/calibration/strictness.ts';
import type { TextEvidence } from '#main/capfilt/judge/evidence.ts';
import { probabilityOf } from '#main/med/model/log-odds.ts';
import { distinctTexts } from '#main/capfilt/proposals/distinct.ts';
import { isWhole } from '#main/capfilt/proposals/readable.ts';
import { lintText } from '#main/alttext/rules/lint-text.ts';
import type { TextInPlace } from '#main/alttext/rules/text-in-place.ts';
import type { Proposal } from '#shared/schemas/review.ts';
import { fitsFrom } from '#shared/unsure.ts';
import { doubtsOf } from './judged-by.ts';

/** Proposals that are shown of a picture. */
const most = 3;

/** A text that a model wrote of a picture, and what the filter finds of the two. */
export interface Candidate extends Omit<Proposal, 'itm'> {
  readonly evidence: TextEvidence;
}

/**
 * The texts by models that fit the picture, pass the filter and break no rule, each saying something else: those
 * of a beam search first, then the best.
 *
 * @param candidates what models wrote of the picture
 * @param replaced what stands where a proposal would go
 */
export function chooseProposals(
  calibration: Calibration,
  candidates: readonly Candidate[],
  replaced: TextInPlace,
  thresholds: Thresholds,
): Proposal[] {
  const passed = candidates.flatMap(({ evidence, ...written }) => {
    const itm = probabilityOf(evidence.match);
    if (itm < fitsFrom) return [];
    if (verdictOn(doubtsOf({ calibration }, evidence), thresholds) !== 'keep') return [];
    if (!isWhole(written.text) || !readsWell({ ...replaced, text: written.text })) return [];
    const score = calibration.score(evidence);
    return [{ ...written, score, itm }];
  });
  const best = passed.toSorted((a, b) => searched(b) - searched(a) || b.score - a.score);
  return distinctTexts(best, replaced.text === null ? [] : [replaced.text])
    .slice(0, most)
    .map(({ score: _, ...proposal }) => proposal);
}

/** What was searched for reads better than what was sampled, which a filter of the same model cannot see. */
function searched({ decoding }: Proposal): number {
  return Number(decoding.method !== 'nucleus');
}

function readsWell(place: TextInPlace): boolean {
  return lintText(place).every(({ severity }) => severity === 'advice');
}
