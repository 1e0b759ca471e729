import { verdictOn, type Thresholds } from '#main/capfilt/calibration/strictness.ts';
import { probabilityOf } from '#main/capfilt/judge/evidence.ts';
import { distinctTexts } from '#main/capfilt/proposals/distinct.ts';
import { lintText } from '#main/alttext/rules/lint-text.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';
import type { TextPurpose } from '#shared/schemas/alt-text.ts';
import type { Proposal } from '#shared/schemas/review.ts';
import type { LibraryFilter } from './library-filter.ts';

/** Proposals that are shown of a picture. */
const most = 3;

/** What stands where a proposal would go. */
export interface Replaced {
  readonly text: string;
  readonly purpose: TextPurpose;
  readonly fileName: string;
}

/**
 * The texts by models that pass the filter and break no rule, each saying something else: those of a beam search
 * first, then the best.
 *
 * @param rows what models wrote of the picture
 */
export function chooseProposals(
  filter: LibraryFilter,
  pictureId: string,
  rows: readonly CaptionRow[],
  replaced: Replaced,
  thresholds: Thresholds,
): Proposal[] {
  const { calibration } = filter;
  const passed = rows.flatMap(({ id, text, modelId, decoding }) => {
    const opinion = filter.opinion(id, pictureId);
    if (opinion.kind !== 'judged' || modelId === null || decoding === null) return [];
    const { evidence } = opinion;
    if (verdictOn(calibration.wrong(evidence), thresholds) !== 'keep') return [];
    if (!readsWell(text, replaced)) return [];
    const score = calibration.score(evidence);
    return [{ score, text, itm: probabilityOf(evidence.match), modelId, decoding }];
  });
  const best = passed.toSorted((a, b) => searched(b) - searched(a) || b.score - a.score);
  return distinctTexts(best, [replaced.text])
    .slice(0, most)
    .map(({ score: _, ...proposal }) => proposal);
}

/** What was searched for reads better than what was sampled, which a filter of the same model cannot see. */
function searched({ decoding }: Proposal): number {
  return Number(decoding.method !== 'nucleus');
}

function readsWell(text: string, { purpose, fileName }: Replaced): boolean {
  const place = {
    text,
    purpose,
    fileName,
    caption: null,
    language: null,
    looks: null,
    context: null,
  };
  return lintText(place).every(({ severity }) => severity === 'advice');
}
