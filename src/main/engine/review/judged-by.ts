import type { Calibration } from '#main/capfilt/calibration/calibration.ts';
import { verdictOn, type Thresholds } from '#main/capfilt/calibration/strictness.ts';
import type { Evidence } from '#main/capfilt/judge/evidence.ts';
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
 * What a filter thinks of a text.
 *
 * @param filter null where none judged
 * @param evidence null for a text that was not, or says nothing that a picture could show
 */
export function judgedBy(
  filter: CalibratedFilter | null,
  text: string,
  evidence: Evidence | null,
  thresholds: Thresholds,
): Judgement {
  const { judged, aside } = setAside(text);
  const told = { judged, aside: [...aside], modelId: filter?.judges.modelId ?? null };
  if (filter === null || evidence === null) {
    return { verdict: 'unjudged', itm: null, wrong: null, ...told };
  }
  const wrong = filter.calibration.wrong(evidence);
  return {
    verdict: verdictOn(wrong, thresholds),
    itm: probabilityOf(evidence.match),
    wrong,
    ...told,
  };
}

/** What verdicts rest on. @param chances of being wrong, of every text; null where it is not judged */
export function toldCalibration(
  { judges: { modelId, captionerId }, calibration }: CalibratedFilter,
  chances: readonly (number | null)[],
): FilterCalibration {
  return {
    texts: chances.filter((chance) => chance !== null).length,
    wrongShare: calibration.wrongShare,
    filterModelId: modelId,
    captionerModelId: captionerId,
    sameModel: modelId === captionerId,
  };
}
