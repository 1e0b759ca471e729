import type { Calibration } from '#main/capfilt/calibration/calibration.ts';
import {
  isInDoubt,
  verdictOn,
  type Doubts,
  type Thresholds,
} from '#main/capfilt/calibration/strictness.ts';
import type { TextEvidence } from '#main/capfilt/judge/evidence.ts';
import { setAside } from '#main/capfilt/unseen/set-aside.ts';
import { probabilityOf } from '#main/med/model/log-odds.ts';
import type { Judges } from '#main/store/tables/evidence.ts';
import type { FilterCalibration, Judgement } from '#shared/schemas/review.ts';

/** A filter, calibrated on the texts that it judges. */
export interface CalibratedFilter {
  readonly judges: Judges;
  readonly calibration: Calibration;
}

/**
 * What a text with this evidence is to be doubted for.
 *
 * @param evidence null for a text that was not judged, or says nothing that a picture could show
 */
export function doubtsOf(
  filter: Pick<CalibratedFilter, 'calibration'> | null,
  evidence: TextEvidence | null,
): Doubts {
  if (filter === null || evidence === null) return { wrong: null, word: null };
  return { wrong: filter.calibration.wrong(evidence), word: evidence.word };
}

/**
 * What a filter thinks of a text.
 *
 * @param filter null where none judged
 * @param evidence as {@link doubtsOf} takes it
 */
export function judgedBy(
  filter: CalibratedFilter | null,
  text: string,
  evidence: TextEvidence | null,
  thresholds: Thresholds,
): Judgement {
  const { judged, aside } = setAside(text);
  const told = { judged, aside: [...aside], modelId: filter?.judges.modelId ?? null };
  if (filter === null || evidence === null) {
    return { verdict: 'unjudged', itm: null, wrong: null, word: null, ...told };
  }
  const doubts = doubtsOf(filter, evidence);
  const verdict = verdictOn(doubts, thresholds);
  const isForWord = verdict === 'doubtful' && isInDoubt(doubts.word, thresholds);
  return {
    verdict,
    itm: probabilityOf(evidence.match),
    wrong: doubts.wrong,
    word: isForWord ? doubts.word : null,
    ...told,
  };
}

/** What verdicts rest on. @param doubts of every text */
export function toldCalibration(
  { judges: { modelId, captionerId }, calibration }: CalibratedFilter,
  doubts: readonly Doubts[],
): FilterCalibration {
  return {
    texts: doubts.filter(({ wrong }) => wrong !== null).length,
    wrongShare: calibration.wrongShare,
    filterModelId: modelId,
    captionerModelId: captionerId,
    sameModel: modelId === captionerId,
  };
}
