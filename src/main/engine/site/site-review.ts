import { describeContext } from '#main/alttext/pages/describe-context.ts';
import { plain } from '#main/alttext/pages/edit-page.ts';
import type { PlacedText } from '#main/alttext/pages/read-site.ts';
import { mayBeEmpty } from '#main/alttext/rules/as-decorative.ts';
import {
  thresholdsAt,
  whatIf,
  type Doubts,
  type Thresholds,
} from '#main/capfilt/calibration/strictness.ts';
import type { PageAnswers } from '#main/store/site-answers.ts';
import type { ReviewAnswer, ReviewItem } from '#shared/schemas/review.ts';
import type { SiteReview } from '#shared/schemas/sites.ts';
import { chooseProposals } from '../review/choose-proposals.ts';
import { doubtsOf, judgedBy, toldCalibration } from '../review/judged-by.ts';
import { mismatchOf } from '../review/mismatch.ts';
import { worstFirst } from '../review/review-list.ts';
import { heldText, pictureIn, type CheckedSite, type LintedPlace } from './checked-site.ts';
import { placeIds, type PlaceIds } from './place-ids.ts';

/** A text of a page with what is thought of it. */
export interface ReviewedPlace {
  readonly place: PlacedText;
  readonly item: ReviewItem;
  readonly doubts: Doubts;
  /** Whether the filter has still to look at it. */
  readonly waits: boolean;
}

/**
 * Every text of the pages of a site, the worst first.
 *
 * @param answers what a person said of them
 * @param strict in [0, 1] (`thresholdsAt`)
 */
export function reviewPlaces(
  checked: CheckedSite,
  answers: PageAnswers,
  strict: number,
): ReviewedPlace[] {
  const thresholds = thresholdsAt(strict);
  const ids = checked.site.pages.flatMap(({ texts }) => placeIds(texts));
  const answerTo = answerFinder(answers);
  return checked.places
    .map((linted, i) => {
      const answer = answerTo(ids[i], linted.place.text);
      return reviewedPlace(checked, linted, ids[i], answer, thresholds);
    })
    .sort((a, b) => worstFirst(a.item, b.item));
}

/** The texts of a site that somebody should look at. */
export function siteReview(checked: CheckedSite, answers: PageAnswers, strict: number): SiteReview {
  const all = reviewPlaces(checked, answers, strict);
  const isShown = ({ item }: ReviewedPlace) => item.answer === null && item.findings.length > 0;
  const doubts = all.map((each) => each.doubts);
  const { filter, site } = checked;
  return {
    items: all.filter(isShown).map(({ item }) => item),
    kept: all.filter((each) => !each.waits && !isShown(each)).length,
    waiting: all.filter(({ waits }) => waits).length,
    calibration: filter === null ? null : toldCalibration(filter, doubts),
    whatIf: whatIf(doubts),
    pages: site.pages.length,
    problems: site.problems.map(({ message }) => message),
  };
}

/** What an answer puts in the place of a text; null where it stays. */
export function answeredText(answer: ReviewAnswer): string | null {
  switch (answer.kind) {
    case 'keep':
      return null;
    case 'accept':
      return answer.proposal.text;
    case 'edit':
      return answer.text;
    case 'decorative':
    case 'erase':
      return '';
  }
}

/** A text that an answer put in its place is kept: nobody is asked about it again. */
function answerFinder(answers: PageAnswers) {
  const put = new Set<string>();
  for (const { place, answer } of answers.values()) {
    const text = answeredText(answer);
    if (text !== null) put.add(`${place} ${plain(text)}`);
  }
  return ({ item, place }: PlaceIds, text: string | null): ReviewAnswer | null => {
    const given = answers.get(item)?.answer;
    if (given !== undefined) return given;
    return text !== null && put.has(`${place} ${plain(text)}`) ? { kind: 'keep' } : null;
  };
}

function reviewedPlace(
  checked: CheckedSite,
  { place, findings }: LintedPlace,
  { item: id }: PlaceIds,
  answer: ReviewAnswer | null,
  thresholds: Thresholds,
): ReviewedPlace {
  const { filter, pictures } = checked;
  const { page, line, column, markup, context, away, spot, purpose, text } = place;
  const asked = pictureIn(checked, place);
  const held = heldText(place);
  const found = asked === null || held === null ? undefined : filter?.found(asked.id, held);
  const judgement = judgedBy(filter, text ?? '', found?.own ?? null, thresholds);
  const candidates = (asked === null ? undefined : filter?.candidates(asked.id)) ?? [];
  const proposals =
    filter === null || spot === null
      ? []
      : chooseProposals(filter.calibration, candidates, place, thresholds);
  const mismatch = mismatchOf(text ?? '', judgement, proposals);
  const shown = pictures.get(place.file ?? '');
  const isReadable = shown !== undefined && filter?.isRefused(shown.id) !== true;
  return {
    place,
    item: {
      id,
      file: place.file ?? place.src ?? page,
      place: {
        kind: 'page',
        page,
        line,
        column,
        markup,
        context: describeContext(place),
        functional: context?.functional ?? false,
        picture: isReadable ? shown.id : null,
        away,
        writable: spot !== null,
        mayBeEmpty: mayBeEmpty(place),
      },
      purpose,
      text,
      judgement,
      findings: mismatch === null ? [...findings] : [mismatch, ...findings],
      proposals,
      answer,
    },
    doubts: doubtsOf(filter, found?.own ?? null),
    // What an answer put in its place is new to the filter, and needs no check.
    waits:
      answer === null &&
      filter !== null &&
      asked !== null &&
      held !== null &&
      found === undefined &&
      !filter.isRefused(asked.id),
  };
}
